/** Something the person who starts the local cloud can act on: one line, no stack trace. */
export class LocalCloudError extends Error {
  override readonly name = "LocalCloudError";
}
