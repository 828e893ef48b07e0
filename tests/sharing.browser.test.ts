import { expect, test } from "vitest";
import { batchOf, comesSignedIn, fitsWindow, imageButtons, keptBy, picturesIn } from "./browser/actions.ts";
import { useBrowser } from "./browser/visitor.ts";
import { ended, ORDER } from "./support/person.ts";

/** Pages that need no account: what was shared, and what is not there. */
const visitor = useBrowser();

test("promise D1, D4: shared by its owner, an image is seen by somebody who is signed out, until it is taken back", async () => {
  const [ann, bob] = [await visitor(), await visitor({ locale: "de", size: "phone", theme: "dark" })];
  const person = await comesSignedIn(ann);
  const { id } = await person.client.createGeneration({ body: ORDER });
  await ended(person, id);
  await ann.open("/en/create");
  await imageButtons(ann, batchOf(ann, ORDER.prompt), 1).click();
  await ann.page.getByRole("button", { name: ann.say("share") }).click();
  const dialog = ann.page.getByRole("dialog", { name: ann.say("share_title") });
  await dialog.getByRole("button", { name: ann.say("share_make") }).click();
  const address = await dialog.getByRole("textbox", { name: ann.say("share_address") }).inputValue();

  expect(await bob.open(address)).toBe(200);
  await picturesIn(bob.page.getByRole("article"));
  await bob.page.getByRole("heading", { name: ORDER.prompt }).waitFor();
  await fitsWindow(bob.page);
  const meta = (name: string) => bob.page.locator(`meta[property="og:${name}"]`).getAttribute("content");
  expect(await meta("title")).toBe(ORDER.prompt);
  const picture = await fetch((await meta("image")) as string);
  expect(picture.headers.get("content-type")).toMatch(/^image\//);
  expect(await keptBy(bob.page)).toMatchObject({ local: {}, session: {}, cookies: [] });

  await dialog.getByRole("button", { name: ann.say("share_stop") }).click();
  await dialog.getByText(ann.say("share_stopped")).waitFor();
  bob.expectAnswer(410, /^\/share\//);
  expect(await bob.open(address)).toBe(410);
  await bob.page.getByRole("heading", { name: bob.say("share_gone_title") }).waitFor();
  expect(await bob.page.getByRole("article").count()).toBe(0);
});

test("a path that is nowhere is answered 404 in the visitor's language, with a way on", async () => {
  const kim = await visitor({ locale: "ko", size: "phone" });
  kim.expectAnswer(404, /^\/no\/such\/page$/);
  expect(await kim.open("/no/such/page")).toBe(404);
  await kim.page.getByRole("heading", { name: kim.say("missing_title") }).waitFor();
  await fitsWindow(kim.page);
  await kim.page
    .getByRole("main")
    .getByRole("link", { name: kim.say("nav_create") })
    .click();
  await kim.page.waitForURL("**/ko/create");
});
