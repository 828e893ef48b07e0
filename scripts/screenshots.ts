import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { type LocalCloud, startLocalCloud } from "@imgpilot/localcloud/cloud";
import type { Browser, BrowserContext, Page } from "playwright-core";
import sharp from "sharp";
import { findBrowser, launchBrowser } from "./browser.ts";
import { type Guest, type Scene, setScene, startLive } from "./screenshots/scene.ts";
import { LOOKS, type Look, VIEWS, type View } from "./screenshots/views.ts";
import { synthesise } from "./synth.ts";

/**
 * `npm run screenshots [-- --readme] [-- --only <text>]`: every view of the site in every look, into `.local/screenshots/`.
 * `--readme` makes the one picture that README.md shows instead.
 */
const root = path.resolve(import.meta.dirname, "..");
const target = path.join(root, ".local/screenshots");
const readmePicture = path.join(root, "docs/pictures/studio.webp");
const SIZES = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { readme: { type: "boolean", default: false }, only: { type: "string" } },
  });
  const assemblyDir = await synthesise();
  const dir = mkdtempSync(path.join(tmpdir(), "imgpilot-screenshots-"));
  const browser = await launchBrowser(findBrowser());
  let cloud: LocalCloud | undefined;
  try {
    cloud = await startLocalCloud({ dir, port: 0, assemblyDir, log: () => {} });
    const scene = await setScene({ endpoints: cloud.endpoints, dir });
    const place = { browser, gateway: cloud.endpoints.gateway, scene };
    await (values.readme ? pictureForReadme(place) : picturesOfAll(place, values.only ?? ""));
  } finally {
    await browser.close();
    await cloud?.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

type Place = { readonly browser: Browser; readonly gateway: string; readonly scene: Scene };

async function picturesOfAll(place: Place, only: string): Promise<void> {
  mkdirSync(target, { recursive: true });
  await startLive(place.scene.maker);
  let count = 0;
  for (const look of LOOKS) {
    for (const view of VIEWS) {
      if ((view.only && view.only !== look.size) || !`${view.name}.${look.name}`.includes(only)) continue;
      await picture(place, view, look, path.join(target, `${view.name}.${look.name}.png`));
      count++;
    }
  }
  console.log(`${count} pictures: ${path.relative(process.cwd(), target)}/`);
}

async function picture(place: Place, view: View, look: Look, file: string): Promise<void> {
  const context = await contextFor(place, look, view.who && place.scene[view.who]);
  try {
    const page = await context.newPage();
    await page.goto(view.path(look.locale, place.scene));
    await settled(page);
    await view.act?.(page);
    await settled(page);
    await page.screenshot({ path: file });
  } finally {
    await context.close();
  }
}

async function contextFor(
  { browser, gateway }: Place,
  look: Look,
  guest: Guest | undefined,
): Promise<BrowserContext> {
  const context = await browser.newContext({
    baseURL: gateway,
    locale: look.locale,
    colorScheme: look.theme,
    viewport: SIZES[look.size],
    hasTouch: look.size === "phone",
    isMobile: look.size === "phone",
    reducedMotion: "reduce",
  });
  if (guest) await context.addCookies([{ name: "imgpilot.session_token", value: guest.token, url: gateway }]);
  return context;
}

/** The islands have taken over, nothing says that it is loading, and every picture in view and the face have arrived. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const isSeen = (one: Element) => one.getBoundingClientRect().top < innerHeight;
    const images = [...document.querySelectorAll("img")].filter(isSeen);
    return (
      document.fonts.status === "loaded" &&
      !document.querySelector("astro-island[ssr], .bar-wait, .feed-state, dialog p[role=status]") &&
      images.every(({ complete, naturalWidth }) => complete && naturalWidth > 0)
    );
  });
}

async function pictureForReadme(place: Place): Promise<void> {
  await startLive(place.scene.maker);
  const view = VIEWS.find(({ name }) => name === "studio") as View;
  const look = LOOKS.find(({ name }) => name === "dark") as Look;
  const png = path.join(target, "readme.png");
  mkdirSync(target, { recursive: true });
  mkdirSync(path.dirname(readmePicture), { recursive: true });
  await picture(place, view, look, png);
  const { size } = await sharp(png).webp({ quality: 94, smartSubsample: true }).toFile(readmePicture);
  console.log(`${path.relative(process.cwd(), readmePicture)}: ${Math.round(size / 1000)} KB`);
}

await main();
