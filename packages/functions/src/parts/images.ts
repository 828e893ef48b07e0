import type { ImageTools } from "@imgpilot/core/images/image-tools";
import { lazily } from "./lazily.ts";

/** Brings the native `sharp`: for functions that decode pictures alone. */
export const images: ImageTools = lazily(
  async () => (await import("@imgpilot/adapters/sharp-image-tools")).sharpImageTools,
);
