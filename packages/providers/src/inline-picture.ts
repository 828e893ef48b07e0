import type { Drawn } from "@imgpilot/core/generations/provider";
import { type Call, providerError } from "./errors.ts";
import { imageTypeOf } from "./image-type.ts";
import { MAX_IMAGE_BYTES } from "./wire.ts";

/** A picture that came in a reply as base64, and with it was paid for. @throws {ProviderError} it is none, or too large. */
export function inlinePicture(call: Call, base64: string): Pick<Drawn, "bytes" | "contentType"> {
  const bytes = new Uint8Array(Buffer.from(base64, "base64"));
  const contentType = imageTypeOf(bytes);
  if (contentType && bytes.byteLength <= MAX_IMAGE_BYTES) return { bytes, contentType };
  const reason = contentType ? "too_large" : "not_an_image";
  throw providerError(call, "bad_response", { reason, maybeBilled: true });
}
