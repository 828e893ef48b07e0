import { createR2ObjectStore } from "@imgpilot/adapters/r2-object-store";
import { aRecordedImage, aRunAtWork, storedImage } from "@imgpilot/testkit/books";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import { freshServices } from "@imgpilot/testkit/services";
import { expect, test } from "vitest";
import { Runs } from "../runs/index.ts";
import { Shares } from "./index.ts";

const database = freshDatabase();
const services = freshServices();

const context = () => ({
  db: database.db,
  objects: createR2ObjectStore(services.objects),
  report: (fault: unknown) => {
    throw fault;
  },
});
const BYTES = new TextEncoder().encode("a picture");

/** Somebody's recorded image, with its object in the store. */
async function aStoredImage() {
  const { accountId, generationId, runId } = await aRunAtWork(database.db);
  await aRecordedImage(database.db, runId);
  await context().objects.put(storedImage(runId).keys.original, BYTES, "image/png");
  return { accountId, generationId, image: 0 };
}
const queued = async (key: string) =>
  (await database.owner`select 1 from object_deletion where key = ${key}`).length === 1;

test("promise D1: a page shows image, prompt, model and date to anybody, from a copy of its own", async () => {
  const owned = await aStoredImage();
  const { id } = await Shares.publish(context(), { ...owned, listed: true });

  expect(await Shares.get(context(), id)).toMatchObject({
    ...{ id, prompt: "a red fox in snow", model: "nano-banana-2.1", modelName: "Nano Banana 2.1" },
    ...{ listed: true, imageUrl: `/api/shares/${id}/image` },
  });
  const address = await Shares.addressOfImage(context(), id);
  expect(new URL(address).pathname).toContain(`shares/${id}/image`);
  const answer = await fetch(address);
  expect(new Uint8Array(await answer.arrayBuffer())).toEqual(BYTES);
  expect(answer.headers.get("content-type")).toBe("image/png");
  expect(await queued(`shares/${id}/image`)).toBe(false);
});

test("sharing again answers the same page; sixteen at once make one", async () => {
  const owned = await aStoredImage();
  const pages = await Promise.all(
    Array.from({ length: 16 }, () => Shares.publish(context(), { ...owned, listed: true })),
  );
  expect(new Set(pages.map(({ id }) => id)).size).toBe(1);

  const again = await Shares.publish(context(), { ...owned, listed: false });
  expect(again).toEqual({ id: pages[0]?.id, listed: false });
  const copies = await database.owner`select key from object_deletion where key like 'shares/%'`;
  for (const { key } of copies) expect(key).not.toContain(again.id);
});

test("promise D4: un-sharing answers 410 and ends the addresses that were given out", async () => {
  const owned = await aStoredImage();
  const { id } = await Shares.publish(context(), { ...owned, listed: true });
  const address = await Shares.addressOfImage(context(), id);
  await Shares.revoke(context(), owned);
  await Shares.revoke(context(), owned);

  await expect(Shares.get(context(), id)).rejects.toMatchObject({ code: "share.gone", status: 410 });
  await expect(Shares.addressOfImage(context(), id)).rejects.toMatchObject({ code: "share.gone" });
  expect((await fetch(address)).status).toBe(404);
  expect(await queued(`shares/${id}/image`)).toBe(true);
  expect((await Shares.publish(context(), { ...owned, listed: true })).id).not.toBe(id);
});

test("promise D4: deleting the generation takes its pages away", async () => {
  const owned = await aStoredImage();
  const { id } = await Shares.publish(context(), { ...owned, listed: true });
  await Runs.remove(database.db, owned);

  await expect(Shares.get(context(), id)).rejects.toMatchObject({ code: "share.gone" });
  expect(await queued(`shares/${id}/image`)).toBe(true);
});

test("promise D3: an image is shared by its owner alone, and only once it is there", async () => {
  const owned = await aStoredImage();
  const { accountId } = await aStoredImage();
  const missing = { code: "image.missing", status: 404 };
  const publish = (wish: typeof owned) => Shares.publish(context(), { ...wish, listed: true });

  await expect(publish({ ...owned, accountId })).rejects.toMatchObject(missing);
  await expect(publish({ ...owned, image: 1 })).rejects.toMatchObject(missing);
  const { id } = await publish(owned);
  await Shares.revoke(context(), { ...owned, accountId });
  expect((await Shares.get(context(), id)).id).toBe(id);
});

test("a page that never was is missing, not gone", async () => {
  await expect(Shares.get(context(), "shr_nope")).rejects.toMatchObject({
    code: "share.missing",
    status: 404,
  });
});

test("a copy whose page was never made goes by itself: it is queued before it is written", async () => {
  const owned = await aStoredImage();
  const written: string[] = [];
  const put = async (key: string) => {
    written.push(key);
    throw new Error("the answer was lost");
  };
  const broken = { ...context(), objects: { ...context().objects, put } };
  await expect(Shares.publish(broken, { ...owned, listed: true })).rejects.toThrow("the answer was lost");

  expect(written).toHaveLength(1);
  expect(await queued(written[0] ?? "")).toBe(true);
});
