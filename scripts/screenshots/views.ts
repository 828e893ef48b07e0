import type { Locale } from "@imgpilot/contract/locales";
import type { Page } from "playwright-core";
import type { Scene } from "./scene.ts";

export type Look = {
  readonly name: string;
  readonly locale: Locale;
  readonly theme: "light" | "dark";
  readonly size: "wide" | "phone";
};

/** Every view is looked at in each of these. */
export const LOOKS: readonly Look[] = [
  { name: "light", locale: "en", theme: "light", size: "wide" },
  { name: "dark", locale: "en", theme: "dark", size: "wide" },
  { name: "phone", locale: "en", theme: "light", size: "phone" },
  { name: "arabic", locale: "ar", theme: "dark", size: "wide" },
  { name: "arabic-phone", locale: "ar", theme: "light", size: "phone" },
];

export type View = {
  readonly name: string;
  /** Whose browser it is; nobody's is signed out. */
  readonly who?: "maker" | "newcomer";
  readonly path: (locale: Locale, scene: Scene) => string;
  /** What is pressed before there is something to see. */
  readonly act?: (page: Page) => Promise<void>;
  /** Where only a narrow window, or only a wide one, has it. */
  readonly only?: Look["size"];
};

const studio = (locale: Locale) => `/${locale}/create`;
const press = (selector: string) => async (page: Page) => page.locator(selector).first().click();
const firstBatch = "article.batch:has(.tile[data-state=failed])";

/** By structure, not by name: the same in every language. */
export const VIEWS: readonly View[] = [
  { name: "home", path: (locale) => `/${locale}/` },
  { name: "home-language", path: (locale) => `/${locale}/`, act: press("language-switch summary") },
  { name: "sign-in", path: (locale) => `/${locale}/sign-in` },
  { name: "sign-in-code", path: (locale) => `/${locale}/sign-in`, act: askForCode },
  { name: "confirm", path: (_, { confirm }) => confirm },
  { name: "studio-signed-out", path: studio },
  { name: "studio-empty", who: "newcomer", path: studio },
  { name: "studio", who: "maker", path: studio, act: writePrompt },
  { name: "studio-models", who: "maker", path: studio, act: openModels },
  { name: "studio-options", who: "maker", path: studio, act: press(".options-toggle"), only: "phone" },
  { name: "studio-balance", who: "maker", path: studio, act: press(".bar-end summary:has(.balance)") },
  { name: "history", who: "maker", path: (locale) => `/${locale}/history` },
  { name: "history-empty", who: "newcomer", path: (locale) => `/${locale}/history` },
  { name: "history-signed-out", path: (locale) => `/${locale}/history` },
  { name: "credits", who: "maker", path: (locale) => `/${locale}/credits` },
  { name: "receipt", who: "maker", path: studio, act: press(`${firstBatch} .batch-actions button`) },
  {
    name: "delete",
    who: "maker",
    path: studio,
    act: press(`${firstBatch} .batch-actions button:last-of-type`),
  },
  { name: "viewer", who: "maker", path: studio, act: press(`${firstBatch} .tile-open`) },
  { name: "share-dialog", who: "maker", path: studio, act: openSharing },
  { name: "share", path: (locale, { shared }) => `${shared}?lang=${locale}` },
  { name: "share-gone", path: (locale, { gone }) => `${gone}?lang=${locale}` },
  { name: "missing", path: (locale) => `/${locale}/no/such/page` },
];

async function askForCode(page: Page): Promise<void> {
  await page.locator("input[type=email]").fill("reader@imgpilot.test");
  await page.locator("input[type=checkbox]").check();
  await page.locator("button[type=submit]").click();
  await page.locator("input[name=code]").waitFor();
}

async function writePrompt(page: Page): Promise<void> {
  await page.locator(".prompt-field").fill("a kingfisher above a slow river, early summer, seen from below");
}

async function openModels(page: Page): Promise<void> {
  const toggle = page.locator(".options-toggle");
  if (await toggle.isVisible()) await toggle.click();
  await page.locator(".model-current").click();
}

async function openSharing(page: Page): Promise<void> {
  await press(`${firstBatch} .tile-open`)(page);
  await page.locator(".viewer-bar > button").last().click();
}
