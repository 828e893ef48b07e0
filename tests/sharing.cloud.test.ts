import { expect, inject, test } from "vitest";
import { ended, newPerson, ORDER } from "./support/person.ts";

/** A public page from its making to its end, as its owner and as anybody sees it. */
const endpoints = inject("endpoints");
const page = (id: string) =>
  fetch(`${endpoints.gateway}/share/${id}`, { headers: { "accept-language": "en" } });

async function aSharedImage() {
  const ann = await newPerson(endpoints);
  const { id } = await ann.client.createGeneration({ body: ORDER });
  await ended(ann, id);
  const params = { id, n: "0" };
  const share = await ann.client.shareImage({ params, body: {} });
  return { ann, params, share };
}

test("promise D1, D2: a shared image has a page for everybody, with what other sites show of it", async () => {
  const { ann, params, share } = await aSharedImage();
  const response = await page(share.id);
  const html = await response.text();

  expect(response.status).toBe(200);
  expect(html).toContain("a red fox in snow");
  expect(html).toContain("Nano Banana 2.1");
  expect(html).toMatch(new RegExp(`<meta property="og:image" content="[^"]*/api/shares/${share.id}/image"`));
  expect(html).not.toMatch(/<script[^>]+src="https?:/);
  const image = await fetch(`${endpoints.gateway}/api/shares/${share.id}/image`);
  expect(image.status).toBe(200);
  expect(image.headers.get("content-type")).toMatch(/^image\//);
  const generation = await ann.client.getGeneration({ params: { id: params.id } });
  expect(generation.images[0]?.share).toEqual(share);
});

test("promise D4: un-shared, page and image answer 410, in words and as problem+json", async () => {
  const { ann, params, share } = await aSharedImage();
  await ann.client.unshareImage({ params });

  const response = await page(share.id);
  expect(response.status).toBe(410);
  expect(response.headers.get("cache-control")).toBe("no-store");
  const image = await fetch(`${endpoints.gateway}/api/shares/${share.id}/image`, { redirect: "manual" });
  expect(image.status).toBe(410);
  expect(await image.json()).toMatchObject({ code: "share.gone" });
  expect((await ann.client.getGeneration({ params: { id: params.id } })).images[0]?.share).toBeNull();
});

test("promise D4: deleting the generation ends its page", async () => {
  const { ann, params, share } = await aSharedImage();
  await ann.client.removeGeneration({ params: { id: params.id } });
  expect((await page(share.id)).status).toBe(410);
});

test("promise D3: nobody shares another's image", async () => {
  const { params } = await aSharedImage();
  const bob = await newPerson(endpoints);
  await expect(bob.client.shareImage({ params, body: {} })).rejects.toMatchObject({ code: "image.missing" });
});

test("an unlisted page is seen by whoever has its address, and not by search engines", async () => {
  const { ann, params, share } = await aSharedImage();
  expect(await (await page(share.id)).text()).not.toContain("noindex");
  await ann.client.shareImage({ params, body: { listed: false } });
  const response = await page(share.id);
  expect(response.status).toBe(200);
  expect(await response.text()).toMatch(/<meta name="robots" content="noindex/);
});

test("promise A3: a prompt is kept across a sign-in by us, for whoever has its id", async () => {
  const { client } = await newPerson(endpoints);
  const { id } = await client.createDraft({ body: { prompt: "an owl at dusk" } });
  expect(await client.getDraft({ params: { id } })).toEqual({ prompt: "an owl at dusk" });
  await expect(client.getDraft({ params: { id: "drf_nope" } })).rejects.toMatchObject({
    code: "draft.missing",
  });
});
