import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Locale } from "@imgpilot/contract/locales";
import type { Endpoints } from "@imgpilot/localcloud/cloud";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, onTestFinished } from "vitest";
import { launchBrowser } from "../../scripts/browser.ts";
import { watch } from "./watch.ts";
import { type Say, wordsOf } from "./words.ts";

type Wish = { locale?: Locale; theme?: "light" | "dark"; size?: "wide" | "phone" };

/** Somebody with a browser of their own: no cookie, nothing stored, nothing known. */
export type Visitor = {
  readonly endpoints: Endpoints;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly locale: Locale;
  readonly say: Say;
  /** Opens a path of the platform and answers the status. */
  readonly open: (path: string) => Promise<number>;
  /** A refusal that this journey is about; every other one fails the test. */
  readonly expectAnswer: (status: number, path: RegExp) => void;
};

const SIZES = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;
const failures = fileURLToPath(new URL("../../.local/browser-failures", import.meta.url));

/**
 * One browser for the tests of a file. A visitor is gone when the test is over, which fails if anything went wrong in one
 * of their tabs; of a test that failed there is then a picture in `.local/browser-failures/`.
 */
export function useBrowser() {
  const endpoints = inject("endpoints");
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(inject("browserFile"));
  });
  afterAll(() => browser.close());

  return async ({ locale = "en", theme = "light", size = "wide" }: Wish = {}): Promise<Visitor> => {
    const context = await browser.newContext({
      baseURL: endpoints.gateway,
      locale,
      colorScheme: theme,
      viewport: SIZES[size],
      hasTouch: size === "phone",
      isMobile: size === "phone",
      reducedMotion: "reduce",
    });
    context.setDefaultTimeout(30_000);
    const watched = watch(context);
    const page = await context.newPage();
    onTestFinished(async ({ task }) => {
      if (task.result?.state === "fail") await picture(context, task.name);
      await context.close();
      expect(watched.faults()).toEqual([]);
    });
    return {
      endpoints,
      context,
      page,
      locale,
      say: wordsOf(locale),
      open: async (address) => (await page.goto(address))?.status() ?? 0,
      expectAnswer: watched.expect,
    };
  };
}

async function picture(context: BrowserContext, test: string): Promise<void> {
  mkdirSync(failures, { recursive: true });
  const name = test.replaceAll(/\W+/g, "-").slice(0, 60);
  for (const [index, page] of context.pages().entries())
    await page.screenshot({ path: path.join(failures, `${name}-${index + 1}.png`) }).catch(() => {});
}
