import { WELCOME_CREDITS } from "@imgpilot/contract/catalogue";
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import {
  askForMail,
  batchOf,
  codeOf,
  creditsIn,
  fitsWindow,
  generateButton,
  imageButtons,
  keptBy,
  newAddress,
  picturesIn,
  pressMailLink,
  promptBox,
  seesBalance,
  tilesOf,
} from "./browser/actions.ts";
import { useBrowser, type Visitor } from "./browser/visitor.ts";

/** The way of everybody who comes for the first time: a prompt on the home page, an account, an image, a receipt. */
const visitor = useBrowser();

/** Takes the prompt from the home page to the studio; neither the prompt nor its draft stays in the address. */
async function bringPrompt(who: Visitor, prompt: string): Promise<void> {
  const { page, say, locale } = who;
  await who.open("/");
  await page.waitForURL(`**/${locale}/`);
  await promptBox(who).fill(prompt);
  await page.getByRole("button", { name: say("home_start") }).click();
  await page.waitForURL(`**/${locale}/create`);
  await expect.poll(() => promptBox(who).inputValue(), { timeout: 30_000 }).toBe(prompt);
}

/** Presses Generate, signed out: a dialog asks, and says that the prompt is kept. */
async function pressSignedOut(who: Visitor): Promise<void> {
  await generateButton(who, 1, 4).click();
  const dialog = who.page.getByRole("dialog", { name: who.say("sign_in") });
  await dialog.getByText(who.say("sign_in_prompt_kept")).waitFor();
}

/** Every size that the element has from now on. */
async function sizesOf(tile: Locator): Promise<() => Promise<string[]>> {
  const sizes = await tile.evaluateHandle((element) => {
    const seen = new Set<string>();
    new ResizeObserver(([entry]) => {
      const { width = 0, height = 0 } = entry?.contentRect ?? {};
      seen.add(`${width} x ${height}`);
    }).observe(element);
    return seen;
  });
  return () => sizes.evaluate((seen) => [...seen]);
}

/** Makes one image: its tile has its final shape, which is the picture's, before there is anything to see in it. */
async function makeImage(who: Visitor, prompt: string): Promise<Locator> {
  await generateButton(who, 1, 4).click();
  const batch = batchOf(who, prompt);
  const tile = tilesOf(batch).first();
  const sizes = await sizesOf(tile);
  await imageButtons(who, batch, 1).waitFor();
  await picturesIn(batch);

  expect(await sizes()).toHaveLength(1);
  const [box, picture] = await Promise.all([
    tile.boundingBox(),
    tile.locator("img").evaluate((image: HTMLImageElement) => image.naturalWidth / image.naturalHeight),
  ]);
  expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(picture, 1);
  await who.page
    .getByRole("status")
    .getByText(who.say("news_ended", { count: 1, done: 1 }))
    .waitFor({ state: "attached" });
  return batch;
}

/** Opens the receipt of an order of four credits, and closes it. */
async function readReceipt(who: Visitor, batch: Locator): Promise<void> {
  const { page, say } = who;
  await batch.getByRole("button", { name: say("receipt") }).click();
  const receipt = page.getByRole("dialog", { name: say("receipt") });
  const lines = { receipt_quoted: 4, receipt_held: 4, receipt_charged: 4, receipt_returned: 0 } as const;
  for (const [key, credits] of Object.entries(lines)) {
    const name = `${say(key as keyof typeof lines)} ${creditsIn(who, credits)}`;
    await receipt.getByRole("row", { name, exact: true }).waitFor();
  }
  await receipt.getByText(say("receipt_adds_up")).waitFor();
  await fitsWindow(page);
  await page.keyboard.press("Escape");
  await receipt.waitFor({ state: "detached" });
}

const NOTHING_KEPT = { session: {}, databases: 0, caches: 0, workers: 0 };
const onTab = (who: Visitor, page: Page): Visitor => ({ ...who, page });

test("promise A5, A3: from a prompt on the home page by the mail's link to the first image and its receipt", async () => {
  const ann = await visitor();
  const prompt = "a lighthouse in fog, long exposure";
  await bringPrompt(ann, prompt);
  await pressSignedOut(ann);
  const mail = await askForMail(ann, newAddress());
  const tab = onTab(ann, await pressMailLink(ann, mail));

  await tab.page.waitForURL("**/en/create");
  await expect.poll(() => promptBox(tab).inputValue(), { timeout: 30_000 }).toBe(prompt);
  await seesBalance(tab, WELCOME_CREDITS);
  await tab.page.getByRole("radio", { name: "16:9" }).check();
  const batch = await makeImage(tab, prompt);
  await seesBalance(tab, WELCOME_CREDITS - 4);
  await readReceipt(tab, batch);

  expect(await keptBy(tab.page)).toEqual({ ...NOTHING_KEPT, local: {}, cookies: ["imgpilot.session_token"] });
});

test("promise A5, A3: the same in Arabic on a phone, by the mail's code; of choices only theme and language are kept", async () => {
  const layla = await visitor({ locale: "ar", size: "phone", theme: "dark" });
  const { page, say } = layla;
  const prompt = "ثعلب أحمر في الثلج عند الفجر";
  await bringPrompt(layla, prompt);
  await fitsWindow(page);
  await page.getByRole("button", { name: say("theme_to_light") }).click();
  await pressSignedOut(layla);
  const mail = await askForMail(layla, newAddress());
  await fitsWindow(page);
  await page.getByRole("textbox", { name: say("code") }).fill(codeOf(mail));
  await page.keyboard.press("Enter");

  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect(await promptBox(layla).inputValue()).toBe(prompt);
  await seesBalance(layla, WELCOME_CREDITS);
  const batch = await makeImage(layla, prompt);
  await fitsWindow(page);
  await seesBalance(layla, WELCOME_CREDITS - 4);
  await readReceipt(layla, batch);

  await page.getByLabel(say("language_switch", { language: "العربية" })).click();
  await page.getByRole("link", { name: "العربية" }).click();
  await batchOf(layla, prompt).waitFor();
  expect(await keptBy(page)).toEqual({
    ...NOTHING_KEPT,
    local: { theme: "light" },
    cookies: ["imgpilot.session_token", "locale"],
  });
});
