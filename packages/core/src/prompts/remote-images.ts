/** Pictures at addresses that people name, fetched without reaching anything that is not public. */
export type RemoteImages = {
  /** @throws {Unfetchable} */
  readonly fetch: (address: string, signal: AbortSignal) => Promise<Uint8Array>;
};

/**
 * Why a picture was not fetched. `refused` is said of what cannot be reached and of what must not be, so that nobody
 * maps a network with it.
 */
export class Unfetchable extends Error {
  override readonly name = "image.unfetchable";
  readonly reason: "refused" | "redirects" | "status" | "too_large" | "too_slow" | "not_an_image";

  constructor(reason: Unfetchable["reason"], cause?: unknown) {
    super(reason, { cause });
    this.reason = reason;
  }
}
