import type { Image } from "@imgpilot/contract/generations";
import { saveAs } from "../../controls/save-as.ts";

const ENDINGS: Readonly<Record<string, string>> = {
  "image/png": "png",
  "image/jpeg": "jpg",
  "image/webp": "webp",
};

/**
 * Saves the original under a name of its own. Its address is another origin's, where the browser ignores `download`
 * on a link, so the bytes are fetched.
 * @throws when the address has run out or the store cannot be reached.
 */
export async function download(image: Pick<Image, "url" | "contentType">, name: string): Promise<void> {
  if (!image.url) throw new Error("The image has no address");
  const response = await fetch(image.url);
  if (!response.ok) throw new Error(`The object store answered ${response.status}`);
  saveAs(await response.blob(), `${name}.${ENDINGS[image.contentType ?? ""] ?? "png"}`);
}
