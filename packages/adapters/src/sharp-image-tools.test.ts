import { NotAnImage } from "@imgpilot/core/images/image-tools";
import sharp, { type Sharp } from "sharp";
import { describe, expect, test } from "vitest";
import { MADE_BY_AI } from "./marking/xmp-packet.ts";
import { sharpImageTools as tools } from "./sharp-image-tools.ts";

const marking = { model: "Nano Banana 2.1 & <friends>", madeAt: new Date("2026-11-22T10:00:00Z") };

/** Noise, because a flat picture survives re-encoding unharmed and would hide it. */
function noise(width: number, height: number, channels: 3 | 4 = 3): Sharp {
  let seed = 7;
  const pixels = Buffer.alloc(width * height * channels).map(() => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed >> 16;
  });
  return sharp(pixels, { raw: { width, height, channels } });
}

const pictures = {
  png: () => noise(90, 60).png().toBuffer(),
  "png with alpha": () => noise(90, 60, 4).png().toBuffer(),
  jpeg: () => noise(90, 60).jpeg({ quality: 90 }).toBuffer(),
  "progressive jpeg": () => noise(90, 60).jpeg({ progressive: true }).toBuffer(),
  "lossy webp": () => noise(90, 60).webp({ quality: 70 }).toBuffer(),
  "lossy webp with alpha": () => noise(90, 60, 4).webp({ quality: 70 }).toBuffer(),
  "lossless webp": () => noise(90, 60).webp({ lossless: true }).toBuffer(),
  "lossless webp with alpha": () => noise(90, 60, 4).webp({ lossless: true }).toBuffer(),
} satisfies Record<string, () => Promise<Buffer>>;

const xmpOf = async (bytes: Uint8Array) => (await sharp(bytes).metadata()).xmp?.toString("utf8") ?? "";
const pixelsOf = (bytes: Uint8Array) => sharp(bytes).raw().toBuffer();
const times = (text: string, part: string) => text.split(part).length - 1;

describe("marking", () => {
  test.each(Object.entries(pictures))(
    "promise C6: %s carries source type, model and date, its pixels untouched",
    async (_, make) => {
      const original = await make();
      const marked = await tools.mark(original, marking);
      const xmp = await xmpOf(marked);
      expect(xmp).toContain(`<Iptc4xmpExt:DigitalSourceType>${MADE_BY_AI}</Iptc4xmpExt:DigitalSourceType>`);
      expect(xmp).toContain("Nano Banana 2.1 &amp; &lt;friends&gt;");
      expect(xmp).toContain("2026-11-22T10:00:00.000Z");
      expect((await pixelsOf(marked)).equals(await pixelsOf(original))).toBe(true);
      const { hasAlpha, width, height } = await sharp(marked).metadata();
      expect({ hasAlpha, width, height }).toEqual({
        hasAlpha: (await sharp(original).metadata()).hasAlpha,
        width: 90,
        height: 60,
      });
      expect(await tools.inspect(marked)).toEqual(await tools.inspect(original));
    },
  );

  test.each(Object.entries(pictures))("promise C6: marking %s twice is marking it once", async (_, make) => {
    const once = await tools.mark(await make(), marking);
    const twice = await tools.mark(once, marking);
    expect(times(await xmpOf(twice), "trainedAlgorithmicMedia")).toBe(1);
    expect(Buffer.from(await tools.mark(twice, marking)).equals(Buffer.from(twice))).toBe(true);
  });

  test.each(["png", "jpeg", "webp"] as const)(
    "what a provider stated in %s (XMP, EXIF, ICC) stays, but for the marking",
    async (format) => {
      const theirs =
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
        '<rdf:Description rdf:about="" xmlns:ext="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:dc="http://purl.org/dc/elements/1.1/"' +
        ' ext:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"><dc:rights>theirs</dc:rights>' +
        "</rdf:Description></rdf:RDF></x:xmpmeta>";
      const original = await noise(40, 40)
        .toFormat(format)
        .withXmp(theirs)
        .withExif({ IFD0: { Copyright: "somebody" } })
        .withIccProfile("p3")
        .toBuffer();
      const marked = await tools.mark(original, marking);
      const xmp = await xmpOf(marked);
      expect(xmp).toContain("<dc:rights>theirs</dc:rights>");
      expect(xmp).not.toContain("digitalCapture");
      expect(times(xmp, "DigitalSourceType>")).toBe(2);
      const [before, after] = await Promise.all([sharp(original).metadata(), sharp(marked).metadata()]);
      expect(after.exif).toEqual(before.exif);
      expect(after.icc).toEqual(before.icc);
    },
  );

  test("a JPEG's C2PA manifest (APP11) is kept byte for byte", async () => {
    const jpeg = await pictures.jpeg();
    const manifest = Buffer.concat([Buffer.from([0xff, 0xeb, 0x00, 0x22]), Buffer.alloc(32, "jumbf")]);
    const signed = Buffer.concat([jpeg.subarray(0, 2), manifest, jpeg.subarray(2)]);
    expect(Buffer.from(await tools.mark(signed, marking)).includes(manifest)).toBe(true);
  });

  test.each([320, 1024] as const)(
    "promise C6: a thumbnail of %i is a WebP with the same marking, never larger than the original",
    async (edge) => {
      const thumbnail = await tools.thumbnail(await noise(1600, 800).png().toBuffer(), edge, marking);
      const { format, width, height } = await sharp(thumbnail).metadata();
      expect({ format, width, height }).toEqual({ format: "webp", width: edge, height: edge / 2 });
      expect(await xmpOf(thumbnail)).toContain(MADE_BY_AI);
      const small = await tools.thumbnail(await pictures.jpeg(), edge, marking);
      expect(await tools.inspect(small)).toEqual({ contentType: "image/webp", width: 90, height: 60 });
    },
  );
});

describe("inspecting", () => {
  test("says type and size as seen, whatever the orientation flag", async () => {
    expect(await tools.inspect(await pictures.png())).toEqual({
      contentType: "image/png",
      width: 90,
      height: 60,
    });
    const turned = await noise(90, 60).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    expect(await tools.inspect(turned)).toEqual({ contentType: "image/jpeg", width: 60, height: 90 });
  });

  const flat = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: "red" }, limitInputPixels: false });
  const unusable: Record<string, () => Promise<Uint8Array> | Uint8Array> = {
    "no bytes": () => new Uint8Array(),
    html: () => Buffer.from("<!doctype html><title>502</title>"),
    svg: () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    gif: () => noise(9, 9).gif().toBuffer(),
    tiff: () => noise(9, 9).tiff().toBuffer(),
    "an animated webp": async () =>
      sharp([await noise(9, 9).png().toBuffer(), await noise(9, 9).negate().png().toBuffer()], {
        join: { animated: true },
      })
        .webp()
        .toBuffer(),
    "a truncated png": async () => (await pictures.png()).subarray(0, 4_000),
    "a truncated jpeg": async () => (await pictures.jpeg()).subarray(0, 2_000),
    "a truncated webp": async () => (await pictures["lossy webp"]()).subarray(0, 1_000),
    "a png with a damaged picture": async () => (await pictures.png()).fill(0x55, 200, 400),
    "a bomb: 41 megapixels in few bytes": () => flat(8_200, 5_000).png().toBuffer(),
    "a png's signature and nothing else": async () => (await pictures.png()).subarray(0, 8),
    "a riff that is no webp": () => Buffer.from("RIFF\x10\0\0\0WAVEfmt data"),
  };
  test.each(Object.entries(unusable))("refuses %s as NotAnImage", async (_, make) => {
    await expect(tools.inspect(await make())).rejects.toThrow(NotAnImage);
  });
  test.each(Object.entries(unusable).filter(([name]) => !name.includes("damaged")))(
    "marks no %s",
    async (_, make) => {
      const bytes = await make();
      await expect(tools.mark(bytes, marking)).rejects.toThrow(NotAnImage);
      await expect(tools.thumbnail(bytes, 320, marking)).rejects.toThrow(NotAnImage);
    },
  );
});
