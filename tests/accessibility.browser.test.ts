import type { Page } from "playwright-core";
import { afterEach, expect, inject, test } from "vitest";
import {
  askForMail,
  batchOf,
  comesSignedIn,
  creditsIn,
  fitsWindow,
  imageButtons,
  newAddress,
  picturesIn,
  promptBox,
  seesBalance,
} from "./browser/actions.ts";
import { audit } from "./browser/audit.ts";
import { useBrowser, type Visitor } from "./browser/visitor.ts";
import { ended, ORDER, type Person } from "./support/person.ts";
import { providerControl } from "./support/provider-control.ts";

/** Promise W, WCAG 2.2 AA: what a machine can see of it, in every view, light and dark. Keys and names are in the journeys. */
const visitor = useBrowser();
const google = providerControl("google", inject("endpoints").simulators.google);
afterEach(() => google.reset());

test("nothing that a visitor sees breaks WCAG 2.2 AA", async () => {
  const ann = await visitor();
  const { page, say } = ann;
  await ann.open("/en/");
  await audit(page, "home");
  await page.getByLabel(say("language_switch", { language: "English" })).click();
  await audit(page, "home, languages open");
  await ann.open("/en/create");
  await page.getByRole("heading", { name: say("empty_title") }).waitFor();
  await page.getByRole("button", { name: say("model_change") }).click();
  await audit(page, "studio, signed out, models open");
  await ann.open("/en/history");
  await page.getByText(say("history_signed_out")).waitFor();
  await audit(page, "history, signed out");
  ann.expectAnswer(404, /nothing$/);
  await ann.open("/en/nothing");
  await audit(page, "404");
  await ann.open("/share/shr_nothing");
  await audit(page, "no such share");
});

test("nothing on the way in breaks WCAG 2.2 AA", async () => {
  const ann = await visitor();
  await ann.open("/en/sign-in");
  await audit(ann.page, "sign-in");
  const { text } = await askForMail(ann, newAddress());
  await audit(ann.page, "sign-in, code");
  const link = /https?:\/\/\S+\/api\/auth\/confirm\?\S+/.exec(text)?.[0] ?? "";
  await ann.page.goto(link);
  await audit(ann.page, "confirmation");
  ann.expectAnswer(401, /^\/api\/auth\/confirm$/);
  await ann.page.goto(link.replace(/token=.{8}/, "token=nonsense"));
  await audit(ann.page, "confirmation, used up");
});

/** Somebody with four images, one of them blocked, and with one more that takes its time. */
async function maker(who: Visitor): Promise<{ person: Person; made: string }> {
  await google.next({ name: "moderated-output", match: { promptIncludes: "fox" } });
  const person = await comesSignedIn(who);
  const { id } = await person.client.createGeneration({ body: { ...ORDER, count: 4 } });
  await ended(person, id);
  await google.next({ name: "slow", seconds: 30 });
  await person.client.createGeneration({ body: { ...ORDER, prompt: "a slow owl" } });
  return { person, made: id };
}

test("nothing that a person sees of what they made breaks WCAG 2.2 AA", async () => {
  const ann = await visitor();
  const { page, say } = ann;
  const { person, made } = await maker(ann);
  await ann.open("/en/create");
  const batch = batchOf(ann, ORDER.prompt);
  await picturesIn(batch);
  await batchOf(ann, "a slow owl")
    .getByText(say("phase_calling", { provider: "Google" }))
    .waitFor();
  await promptBox(ann).fill("a kingfisher");
  await seesBalance(ann, 4);
  await audit(page, "studio, with results");
  await batch.getByRole("button", { name: say("receipt") }).click();
  await page.getByText(say("receipt_adds_up")).waitFor();
  await audit(page, "receipt");
  await page.keyboard.press("Escape");
  await batch.getByRole("button", { name: say("remove"), exact: true }).click();
  await audit(page, "deleting");
  await page.keyboard.press("Escape");
  await imageButtons(ann, batch, 4).first().click();
  await picturesIn(page.getByRole("dialog"));
  await audit(page, "viewer");
  await page.getByRole("button", { name: say("share") }).click();
  await audit(page, "sharing");
  await page.getByRole("button", { name: say("share_make") }).click();
  await page.getByRole("textbox", { name: say("share_address") }).waitFor();
  await audit(page, "shared");
  await ann.open("/en/history");
  await picturesIn(batch);
  await audit(page, "history");
  const { images } = await person.client.getGeneration({ params: { id: made } });
  const [shared] = images.flatMap(({ share }) => share ?? []);
  expect(await ann.open(`/share/${shared?.id}`)).toBe(200);
  await picturesIn(page.getByRole("article"));
  await audit(page, "share page");
});

/** Opens a menu of the bar: all of it must be in the window. */
async function opensInside(page: Page, label: string): Promise<void> {
  const menu = page.getByLabel(label, { exact: true });
  await menu.click();
  const box = await page.locator("details[open] > :not(summary)").boundingBox();
  expect(box?.x, label).toBeGreaterThanOrEqual(0);
  expect((box?.x ?? 0) + (box?.width ?? Infinity), label).toBeLessThanOrEqual(390);
  await page.keyboard.press("Escape");
}

test("nothing on a phone breaks WCAG 2.2 AA, or leaves its window, read from right to left", async () => {
  const layla = await visitor({ locale: "ar", size: "phone" });
  const { page, say } = layla;
  await layla.open("/ar/");
  await audit(page, "home");
  const { email } = await comesSignedIn(layla);
  await layla.open("/ar/create");
  await seesBalance(layla, 20);
  await opensInside(page, say("balance_label", { credits: creditsIn(layla, 20) }));
  await opensInside(page, say("account_of", { email }));
  await opensInside(page, say("language_switch", { language: "العربية" }));
  await page.getByRole("button", { name: say("options") }).click();
  await fitsWindow(page);
  await audit(page, "studio, options open");
});
