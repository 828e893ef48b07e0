import { afterEach, expect, inject, test } from "vitest";
import { batchOf, comesSignedIn, imageButtons, keptBy, picturesIn, seesBalance } from "./browser/actions.ts";
import { useBrowser } from "./browser/visitor.ts";
import { ended, ORDER } from "./support/person.ts";
import { providerControl } from "./support/provider-control.ts";

const visitor = useBrowser();
const google = providerControl("google", inject("endpoints").simulators.google);
afterEach(() => google.reset());

test("history lists what was made, cancels what is slow, filters by the address, and forgets what is deleted", async () => {
  await google.next({ name: "slow", seconds: 20, match: { promptIncludes: "glacier" } });
  const ann = await visitor({ theme: "dark" });
  const { page, say } = ann;
  const person = await comesSignedIn(ann);
  const owl = await person.client.createGeneration({ body: { ...ORDER, prompt: "an owl", count: 2 } });
  await ended(person, owl.id);
  await person.client.createGeneration({ body: { ...ORDER, prompt: "a glacier" } });
  await ann.open("/en/history");

  await page.getByRole("heading", { name: say("today") }).waitFor();
  const [slow, made] = [batchOf(ann, "a glacier"), batchOf(ann, "an owl")];
  expect(await imageButtons(ann, made, 2).count()).toBe(2);
  await picturesIn(made);
  await seesBalance(ann, 8);
  await slow.getByText(say("phase_calling", { provider: "Google" })).waitFor();
  await slow.getByText(say("money_held", { count: 4, value: 4 })).waitFor();
  await slow.getByRole("button", { name: say("cancel_generation") }).click();
  await slow.getByText(say("image_cancelled")).waitFor();
  await slow.getByText(say("money_none")).waitFor();
  await seesBalance(ann, 12);

  await page.getByRole("combobox", { name: say("filter_outcome") }).selectOption("cancelled");
  await made.waitFor({ state: "detached" });
  expect(new URL(page.url()).search).toBe("?state=cancelled");
  await page.reload();
  await slow.waitFor();
  await page.goBack();
  await made.waitFor();

  await made.getByRole("button", { name: say("remove"), exact: true }).click();
  const dialog = page.getByRole("dialog", { name: say("remove_title") });
  await dialog.getByRole("button", { name: say("keep") }).click();
  await dialog.waitFor({ state: "detached" });
  await made.getByRole("button", { name: say("remove"), exact: true }).click();
  await dialog.getByRole("button", { name: say("remove_now") }).click();
  await made.waitFor({ state: "detached" });
  await page.reload();
  await slow.waitFor();
  expect(await made.count()).toBe(0);
  await expect(person.client.getGeneration({ params: { id: owl.id } })).rejects.toMatchObject({
    status: 404,
  });
  expect(await keptBy(page)).toMatchObject({ local: {}, session: {}, cookies: ["imgpilot.session_token"] });
});
