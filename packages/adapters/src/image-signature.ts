import type { Picture } from "@imgpilot/core/images/image-tools";

/** What the first twelve bytes say a file is, whatever was claimed of it; null when it is no picture that we keep. */
export function signatureOf(bytes: Uint8Array): Picture["contentType"] | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 12));
  const text = head.toString("latin1");
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (text.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (text.startsWith("RIFF") && text.startsWith("WEBP", 8)) return "image/webp";
  return null;
}
