import { afterEach, expect, inject, test } from "vitest";
import {
  batchOf,
  comesSignedIn,
  creditsIn,
  imageButtons,
  picturesIn,
  seesBalance,
} from "./browser/actions.ts";
import { useBrowser, type Visitor } from "./browser/visitor.ts";
import { booksOf, ended, ORDER } from "./support/person.ts";
import { providerControl } from "./support/provider-control.ts";

const visitor = useBrowser();
const google = providerControl("google", inject("endpoints").simulators.google);
afterEach(() => google.reset());

const tryAgain = (who: Visitor) => ({
  name: `${who.say("try_again")} · ${creditsIn(who, 4)}`,
  exact: true,
});

test("an image that failed is drawn again from its tile for the price on the button, and the receipt tells both runs", async () => {
  await google.next("moderated-output");
  const ann = await visitor();
  const { page, say } = ann;
  const person = await comesSignedIn(ann);
  const { id } = await person.client.createGeneration({ body: { ...ORDER, prompt: "a heron", count: 2 } });
  await ended(person, id);
  await google.next({ name: "slow", seconds: 3 });
  await ann.open("/en/history");
  const batch = batchOf(ann, "a heron");
  await seesBalance(ann, 16);

  await batch.getByRole("button", tryAgain(ann)).press("Enter");
  await page
    .getByRole("status")
    .getByText(say("news_queued", { count: 1 }))
    .waitFor();
  await batch.getByText(say("phase_calling", { provider: "Google" })).waitFor();
  await batch.getByText(say("money_held", { count: 4, value: 4 })).waitFor();
  expect(await page.evaluate(() => document.activeElement?.className)).toBe("tile");
  await imageButtons(ann, batch, 2).nth(1).waitFor();
  await picturesIn(batch);
  await seesBalance(ann, 12);

  await batch.getByRole("button", { name: say("receipt") }).click();
  const runs = page.getByRole("dialog").getByRole("table", { name: say("receipt_runs") });
  const paid = say("receipt_paid_by_you");
  await runs.getByText(say("receipt_run_sums", { paid, charged: 4, returned: 4 })).waitFor();
  await runs.getByText(say("receipt_run_sums", { paid, charged: 4, returned: 0 })).waitFor();
  const books = { charged: 8, returned: 4, delivered: 2, balanced: true };
  expect(booksOf(await ended(person, id))).toEqual(books);
});

test("a press whose answer was lost is repeated with its key and pays once; a short balance is told in words", async () => {
  await google.next("moderated-output", "moderated-output");
  const ann = await visitor();
  const { page, say } = ann;
  const person = await comesSignedIn(ann);
  const { id } = await person.client.createGeneration({ body: { ...ORDER, prompt: "a lynx", count: 2 } });
  await ended(person, id);
  await ann.open("/en/history");
  const button = batchOf(ann, "a lynx").getByRole("button", tryAgain(ann));
  await button.nth(1).waitFor();

  const keys: (string | undefined)[] = [];
  ann.expectAnswer(503, /\/images\/0\/retry$/);
  await page.route("**/images/0/retry", async (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    if (keys.length > 1) return route.continue();
    await route.fetch();
    await route.fulfill({ status: 503, body: "" });
  });
  await button.first().click();
  await batchOf(ann, "a lynx").getByRole("alert").waitFor();
  await button.first().click();
  await imageButtons(ann, batchOf(ann, "a lynx"), 2).waitFor();
  expect(keys).toEqual([keys[0], keys[0]]);
  await seesBalance(ann, 16);
  expect((await ended(person, id)).receipt.runs).toHaveLength(2);

  await person.client.createGeneration({ body: { ...ORDER, prompt: "all the rest", count: 4 } });
  ann.expectAnswer(402, /\/images\/1\/retry$/);
  await button.click();
  await batchOf(ann, "a lynx").getByRole("alert").getByText(say("refused_credits")).waitFor();
  await button.waitFor();
});
