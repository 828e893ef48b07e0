import type { ObjectStore } from "@imgpilot/core/images/object-store";
import { runtime } from "../runtime.ts";
import { lazily } from "./lazily.ts";

export const objects: ObjectStore = lazily(async () => {
  const { setting, secret } = runtime();
  const [{ createR2ObjectStore }, accessKeyId, secretAccessKey] = await Promise.all([
    import("@imgpilot/adapters/r2-object-store"),
    secret("OBJECTS_ACCESS_KEY_ID"),
    secret("OBJECTS_SECRET_ACCESS_KEY"),
  ]);
  const endpoint = setting("OBJECTS_ENDPOINT");
  return createR2ObjectStore({ endpoint, bucket: setting("OBJECTS_BUCKET"), accessKeyId, secretAccessKey });
});
