import { readFileSync } from "node:fs";
import type { Balance } from "@imgpilot/contract/credits";
import { verifyJournal } from "@imgpilot/contract/verifier";
import { expect, test } from "vitest";
import { comesSignedIn, creditsIn, fitsWindow, seesBalance } from "./browser/actions.ts";
import { audit } from "./browser/audit.ts";
import { useBrowser, type Visitor } from "./browser/visitor.ts";
import { ORDER, until } from "./support/person.ts";

/** Guards that a person can see every entry and check the books in their own browser, and is told when they are wrong. */
const visitor = useBrowser();

/** Somebody who has had one image made, on their way to the books by the balance in the bar. */
async function atTheBooks(who: Visitor, credits: number) {
  const { page, say, locale } = who;
  const person = await comesSignedIn(who);
  await person.client.createGeneration({ body: ORDER });
  const settled = ({ available, held }: Balance) => available === credits && held === 0;
  await until("the image is paid for", () => person.client.getCredits({}), settled);
  await who.open(`/${locale}/create`);
  await seesBalance(who, credits);
  await page.getByLabel(say("balance_label", { credits: creditsIn(who, credits) }), { exact: true }).click();
  await page.getByRole("link", { name: say("books_link") }).click();
  await page.getByRole("heading", { name: say("books_check") }).waitFor();
  return person;
}

const check = ({ page, say }: Visitor) =>
  page.getByRole("button", { name: say("books_check") }).press("Enter");

test("the books show every entry with its receipt, are right by the browser's own count, and can be taken away", async () => {
  const ann = await visitor();
  const { page, say } = ann;
  await atTheBooks(ann, 16);
  const rows = page.getByRole("table").getByRole("row");
  await expect.poll(() => rows.count()).toBe(4);
  await rows.nth(1).getByText(say("entry_charged")).waitFor();
  await rows.nth(3).getByText(say("entry_added")).waitFor();
  expect(await rows.nth(2).textContent()).toMatch(/−4|-4/);
  await check(ann);
  await page.getByText(say("books_rows", { count: 3, value: 3 })).waitFor();
  await page.getByText(say("books_balance", { credits: creditsIn(ann, 16) })).waitFor();
  await audit(page, "books, checked");

  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: say("books_jsonl") }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toBe("imgpilot-credits.jsonl");
  const verdict = await verifyJournal(readFileSync(await file.path(), "utf8"));
  expect(verdict).toMatchObject({ ok: true, rows: 3, balance: { remaining: 16, held: 0, debt: 0 } });

  await rows
    .nth(1)
    .getByRole("button", { name: say("receipt") })
    .click();
  await page
    .getByRole("dialog", { name: say("receipt") })
    .getByText(say("receipt_adds_up"))
    .waitFor();
});

test("a journal that was changed on its way is wrong at the row where it was, on a phone and from right to left", async () => {
  const layla = await visitor({ locale: "ar", size: "phone", theme: "dark" });
  const { page, say } = layla;
  await page.route(/format=jsonl/, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({
      response: answer,
      body: (await answer.text()).replace('"held","amount":4', '"held","amount":3'),
    });
  });
  await atTheBooks(layla, 16);
  await check(layla);
  await page.getByText(say("books_wrong_row", { line: 2 })).waitFor();
  await fitsWindow(page);
  await audit(page, "books, wrong");
});

test("whoever is not signed in is told how to see their books", async () => {
  const eve = await visitor();
  await eve.open("/en/credits");
  await eve.page.getByText(eve.say("books_signed_out")).waitFor();
  await audit(eve.page, "books, signed out");
});
