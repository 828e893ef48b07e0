export { type ImageTools, type Marking, NotAnImage, type Picture } from "./image-tools.ts";
export * as ObjectDeletions from "./object-deletions.ts";
export type { ObjectStore } from "./object-store.ts";
export type { AnnouncedUpload } from "./uploads.ts";
export * as Uploads from "./uploads.ts";
