import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { spoiled } from "./broken.ts";
import { drawPicture, type PictureOrder, UnreadableReference } from "./draw.ts";
import { captionOf } from "./lettering.ts";
import { sizeOf } from "./size.ts";

const ORDER: PictureOrder = {
  prompt: "a red fox in snow",
  seed: 1,
  size: { width: 1024, height: 1024 },
  format: "png",
  references: [],
};

describe("a picture", () => {
  test("is the same for the same prompt and seed, and another for another", async () => {
    const [first, again, other] = await Promise.all([
      drawPicture(ORDER),
      drawPicture(ORDER),
      drawPicture({ ...ORDER, seed: 2 }),
    ]);
    expect(first.equals(again)).toBe(true);
    expect(first.equals(other)).toBe(false);
  });

  test.each([
    ["1:1", 1, 1024, 1024],
    ["16:9", 1, 1376, 768],
    ["9:16", 1, 768, 1376],
    ["21:9", 1, 1568, 672],
    ["2:3", 2, 1664, 2496],
  ])("of ratio %s at scale %i is %i by %i pixels", async (ratio, scale, width, height) => {
    const picture = await drawPicture({ ...ORDER, size: sizeOf(ratio, scale), format: "jpeg" });
    expect(await sharp(picture).metadata()).toMatchObject({ format: "jpeg", width, height });
  });

  test("shows its reference in the middle", async () => {
    const green = await sharp({ create: { width: 300, height: 300, channels: 3, background: "#00ff00" } })
      .webp()
      .toBuffer();
    const picture = await drawPicture({ ...ORDER, references: [green] });
    const region = { left: 492, top: 450, width: 40, height: 40 };
    // Statistics are of the input, whatever is asked of the pipeline: so what is cut out becomes an input first.
    const middle = await sharp(picture).extract(region).png().toBuffer();
    const { channels } = await sharp(middle).stats();
    const [red, seen, blue] = channels.map(({ mean }) => Math.round(mean));
    expect(seen).toBeGreaterThan(250);
    expect(red).toBeLessThan(8);
    expect(blue).toBeLessThan(8);
  });

  test("of a reference that is none is not drawn", async () => {
    await expect(drawPicture({ ...ORDER, references: [Buffer.from("no")] })).rejects.toThrow(
      UnreadableReference,
    );
  });

  test.each(["", "雪の中の赤い狐", "<script>&\"'", "x".repeat(4_000)])(
    "can be drawn from any prompt: %j",
    async (prompt) => {
      expect(await sharp(await drawPicture({ ...ORDER, prompt })).metadata()).toMatchObject({
        format: "png",
      });
    },
  );
});

test.each([
  ["a red fox in snow, first light", 20, "A RED FOX IN SNOW"],
  ["  Frühling à la Crème ", 40, "FRUHLING A LA CREME"],
  ["雪 fox 狐", 40, "FOX"],
  ["don\u2019t stop!", 40, "DON'T STOP"],
  ["...", 40, ""],
])("the words below %j are whole, few, and what the letters can write", (prompt, room, caption) => {
  expect(captionOf(prompt, room)).toBe(caption);
});

describe("a picture that is spoiled on purpose", () => {
  test("by being a bomb is a small valid file of 400 megapixels", async () => {
    const bomb = spoiled(Buffer.alloc(0), "bomb");
    expect(bomb.byteLength).toBeLessThan(100_000);
    const { width, height, format } = await sharp(bomb, { limitInputPixels: false }).metadata();
    expect([width, height, format]).toEqual([20_000, 20_000, "png"]);
  });

  test("by truncation begins like one and cannot be decoded", async () => {
    const half = spoiled(await drawPicture(ORDER), "truncated");
    expect(await sharp(half).metadata()).toMatchObject({ format: "png" });
    await expect(sharp(half, { failOn: "truncated" }).raw().toBuffer()).rejects.toThrow();
  });
});
