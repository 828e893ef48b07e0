import { newestMail, type ReadMail, SIGN_IN_SUBJECT } from "@imgpilot/localcloud/services/read-mailbox";
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { forgetCaller } from "../support/caller.ts";
import { newPerson, type Person, until } from "../support/person.ts";
import type { Visitor } from "./visitor.ts";

/** What people do and look for, by the names that they and their screen readers know. */
type Who = Pick<Visitor, "page" | "say">;

export const promptBox = ({ page, say }: Who) =>
  page.getByRole("textbox", { name: say("prompt"), exact: true });

export const creditsIn = ({ say }: Who, count: number) => say("credits", { count, value: count });

/** The button with its price: without the price in its name it is not found. */
export const generateButton = (who: Who, count: number, credits: number) =>
  who.page.getByRole("button", {
    name: `${who.say("generate", { count })} ${creditsIn(who, credits)}`,
    exact: true,
  });

export const batchOf = ({ page, say }: Who, prompt: string) =>
  page.getByRole("article", { name: say("generation_label", { prompt }), exact: true });

export const tilesOf = (batch: Locator) => batch.getByRole("listitem");

export const imageButtons = ({ say }: Who, batch: Locator, count: number) =>
  batch.getByRole("button", { name: startOf(say("image_open", { image: say("image_of", { count }) })) });

/** Image 1 of 4, image 2 of 4: whatever stands where the number does. */
const startOf = (words: string) =>
  new RegExp(words.replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&").replace("{number}", "\\d"));

export const seesBalance = async (who: Who, credits: number) =>
  who.page
    .getByLabel(who.say("balance_label", { credits: creditsIn(who, credits) }), { exact: true })
    .waitFor();

/** Every picture in it has arrived: not only its element, its pixels. */
export const picturesIn = (place: Locator) =>
  expect
    .poll(
      () =>
        place
          .locator("img")
          .evaluateAll((all) =>
            (all as HTMLImageElement[]).every((one) => one.complete && one.naturalWidth > 0),
          ),
      { timeout: 30_000 },
    )
    .toBe(true);

let people = 0;
export const newAddress = () => `visitor-${process.pid}-${++people}-${Date.now()}@imgpilot.test`;

/** Fills in the form that asks for an address, and answers the mail that comes of it. */
export async function askForMail({ page, say, endpoints }: Visitor, email: string): Promise<ReadMail> {
  await forgetCaller(endpoints.redis);
  const asked = new Date().toISOString();
  await page.getByRole("textbox", { name: say("email") }).fill(email);
  await page.getByRole("checkbox", { name: say("age_confirmation") }).check();
  await page.getByRole("button", { name: say("send_mail") }).click();
  await page.getByRole("textbox", { name: say("code") }).waitFor();
  return mailTo({ endpoints }, email, asked);
}

export async function mailTo({ endpoints }: Pick<Visitor, "endpoints">, email: string, since: string) {
  const find = () => newestMail(endpoints.mailbox, email, since, SIGN_IN_SUBJECT);
  return (await until(`a mail to ${email}`, find, (mail) => mail !== null)) as ReadMail;
}

export const codeOf = ({ subject }: ReadMail): string => /^\d{6}/.exec(subject)?.[0] ?? "";

/** Opens the mail's link in a tab of its own, as mail programs do, and presses the button there. Answers that tab. */
export async function pressMailLink({ context }: Visitor, { text }: ReadMail): Promise<Page> {
  const tab = await context.newPage();
  await tab.goto(/https?:\/\/\S+\/api\/auth\/confirm\?\S+/.exec(text)?.[0] ?? "");
  await tab.getByRole("button").click();
  return tab;
}

/** Somebody new who is signed in already, for journeys that are about something else. */
export async function comesSignedIn({ context, endpoints }: Visitor): Promise<Person> {
  const person = await newPerson(endpoints);
  await context.addCookies([{ name: "imgpilot.session_token", value: person.token, url: endpoints.gateway }]);
  return person;
}

/** All that the platform has left in this browser (promise A3). */
export async function keptBy(tab: Page) {
  const kept = await tab.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }));
  const cookies = (await tab.context().cookies()).map(({ name }) => name).sort();
  return { ...kept, cookies };
}

/** A page that is wider than its window makes people scroll sideways to read. */
export async function fitsWindow(tab: Page): Promise<void> {
  const { clientWidth, scrollWidth } = await tab.evaluate(() => ({
    clientWidth: document.documentElement.clientWidth,
    scrollWidth: document.documentElement.scrollWidth,
  }));
  expect(scrollWidth, `${tab.url()} is wider than its window`).toBeLessThanOrEqual(clientWidth);
}
