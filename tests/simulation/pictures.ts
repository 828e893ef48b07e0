import { type ImageTools, NotAnImage } from "@imgpilot/core/images";

const MARK = "picture ";
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** What a provider draws at its nth call. */
export const picture = (n: number): Uint8Array => bytesOf(`${MARK}${n}`);
export const garbage = (): Uint8Array => bytesOf("<html>504 Gateway Time-out</html>");

const read = (bytes: Uint8Array): string => {
  const text = textOf(bytes);
  if (!text.startsWith(MARK)) throw new NotAnImage("it begins with something else");
  return text;
};

/** Pictures are words here: what sharp does to real ones is tested where it is called. */
export const pictures: ImageTools = {
  async inspect(bytes) {
    read(bytes);
    return { contentType: "image/png", width: 1_024, height: 1_024 };
  },
  mark: async (bytes, { model }) => bytesOf(`${read(bytes)}, drawn by ${model}`),
  thumbnail: async (bytes, edge) => bytesOf(`${read(bytes)}, at most ${edge}`),
  reduced: async (bytes, edge) => bytesOf(`${read(bytes)}, at most ${edge}`),
};
