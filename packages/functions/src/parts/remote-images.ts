import type { RemoteImages } from "@imgpilot/core/prompts/remote-images";
import { lazily } from "./lazily.ts";

const MAX_BYTES = 20_000_000;
const MAX_MILLISECONDS = 8_000;

/** Pictures at addresses that people name, of the public internet alone. */
export const remoteImages: RemoteImages = lazily(async () => {
  const { createSafeFetch } = await import("@imgpilot/adapters/safe-fetch");
  return createSafeFetch({ maxBytes: MAX_BYTES, maxMilliseconds: MAX_MILLISECONDS });
});
