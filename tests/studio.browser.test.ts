import sharp from "sharp";
import { afterEach, expect, inject, test } from "vitest";
import {
  askForMail,
  batchOf,
  comesSignedIn,
  creditsIn,
  generateButton,
  imageButtons,
  keptBy,
  picturesIn,
  pressMailLink,
  promptBox,
  seesBalance,
  tilesOf,
} from "./browser/actions.ts";
import { useBrowser, type Visitor } from "./browser/visitor.ts";
import { providerControl } from "./support/provider-control.ts";

/** What happens at the bench besides that everything goes well. */
const visitor = useBrowser();
const google = providerControl("google", inject("endpoints").simulators.google);
afterEach(() => google.reset());

test("promise C4: of four images one is blocked: its tile says why and that it is not charged, and three are charged", async () => {
  await google.next("moderated-output");
  const ann = await visitor();
  const { page, say } = ann;
  await comesSignedIn(ann);
  await ann.open("/en/create");
  await promptBox(ann).fill("a heron at dawn");
  await page.getByRole("radio", { name: say("images", { count: 4 }) }).check();
  await generateButton(ann, 4, 16).click();

  const batch = batchOf(ann, "a heron at dawn");
  await batch.waitFor();
  expect(await tilesOf(batch).count()).toBe(4);
  await batch.getByText(say("money_charged", { count: 12, value: 12 })).waitFor();
  await expect.poll(() => imageButtons(ann, batch, 4).count(), { timeout: 30_000 }).toBe(3);
  await picturesIn(batch);
  const blocked = tilesOf(batch).filter({ hasText: say("not_charged") });
  expect(await blocked.count()).toBe(1);
  expect(await blocked.textContent()).toMatch(/Google blocked this prompt \(.+\)/);
  expect(await batch.textContent()).toContain(say("money_returned", { count: 4, value: 4 }));
  await seesBalance(ann, 8);

  await batch.getByRole("button", { name: say("receipt") }).click();
  const receipt = page.getByRole("dialog", { name: say("receipt") });
  const charged = `${say("receipt_charged")} ${creditsIn(ann, 12)}`;
  await receipt.getByRole("row", { name: charged, exact: true }).waitFor();
  await receipt.getByText(say("receipt_adds_up")).waitFor();
  expect(await receipt.getByText(say("attempt_blocked")).count()).toBe(1);
});

/** Ends the session somewhere else: this browser keeps a cookie that stands for nothing any more. */
async function endSession({ context, endpoints }: Visitor): Promise<void> {
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const response = await fetch(`${endpoints.gateway}/api/auth/sign-out`, {
    method: "POST",
    headers: { cookie, origin: endpoints.gateway, "content-type": "application/json" },
    body: "{}",
  });
  expect(response.status).toBe(200);
}

test("promise A3: a session that ends while one types costs no word: the prompt comes along to the new one", async () => {
  const ann = await visitor();
  const { email } = await comesSignedIn(ann);
  await ann.open("/en/create");
  await seesBalance(ann, 20);
  await promptBox(ann).fill("an orchard in May, ");
  await endSession(ann);
  await promptBox(ann).pressSequentially("seen from above");
  ann.expectAnswer(401, /^\/api\/generations$/);
  await generateButton(ann, 1, 4).click();

  const dialog = ann.page.getByRole("dialog", { name: ann.say("sign_in") });
  await dialog.getByText(ann.say("sign_in_prompt_kept")).waitFor();
  const tab = { ...ann, page: await pressMailLink(ann, await askForMail(ann, email)) };
  await tab.page.waitForURL("**/en/create");
  const prompt = "an orchard in May, seen from above";
  await expect.poll(() => promptBox(tab).inputValue(), { timeout: 30_000 }).toBe(prompt);
  expect(await promptBox(ann).inputValue()).toBe(prompt);

  await generateButton(tab, 1, 4).click();
  await imageButtons(tab, batchOf(tab, prompt), 1).waitFor();
  await seesBalance(tab, 16);
  for (const page of [ann.page, tab.page])
    expect(await keptBy(page)).toMatchObject({
      local: {},
      session: {},
      databases: 0,
      cookies: ["imgpilot.session_token"],
    });
});

const COLOURS = { "red.png": "#c0392b", "green.png": "#27ae60", "blue.png": "#2980b9" };

async function pictureFile(name: keyof typeof COLOURS) {
  const create = { width: 320, height: 240, channels: 3 as const, background: COLOURS[name] };
  return { name, mimeType: "image/png", buffer: await sharp({ create }).png().toBuffer() };
}

/** Gives the prompt box a file as the browser does when one is dropped or pasted there. */
async function handOver(who: Visitor, by: "drop" | "paste", name: keyof typeof COLOURS): Promise<void> {
  const { buffer, mimeType } = await pictureFile(name);
  const file = { by, name, type: mimeType, bytes: buffer.toString("base64") };
  await promptBox(who).evaluate((box, { by, name, type, bytes }) => {
    const data = new DataTransfer();
    const decoded = Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0));
    data.items.add(new File([decoded], name, { type }));
    const how = { bubbles: true, cancelable: true };
    const event =
      by === "drop"
        ? new DragEvent("drop", { ...how, dataTransfer: data })
        : new ClipboardEvent("paste", { ...how, clipboardData: data });
    box.dispatchEvent(event);
  }, file);
}

test("references come by a chooser, by drop and by paste, are numbered in that order, and reach the model so", async () => {
  const ann = await visitor();
  const { page, say } = ann;
  await comesSignedIn(ann);
  await ann.open("/en/create");
  await seesBalance(ann, 20);
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: say("references_add") }).click();
  await (await chooser).setFiles(await pictureFile("red.png"));
  await handOver(ann, "drop", "green.png");
  await handOver(ann, "paste", "blue.png");

  const slots = page.getByRole("group", { name: say("references") }).getByRole("listitem");
  for (const [index, name] of Object.keys(COLOURS).entries()) {
    const slot = slots.nth(index);
    const number = say("reference_number", { number: index + 1 });
    await slot.getByRole("img", { name: `${number}: ${name}` }).waitFor();
    await expect.poll(() => slot.getAttribute("data-state"), { timeout: 30_000 }).toBe("ready");
  }
  await page.getByRole("button", { name: say("reference_remove", { number: 2 }) }).click();
  await promptBox(ann).fill("these two as one poster");
  await generateButton(ann, 1, 4).click();
  await imageButtons(ann, batchOf(ann, "these two as one poster"), 1).waitFor();

  const [asked] = await google.requests();
  const body = JSON.stringify(asked?.body);
  expect(body.match(/image\/png/g)).toHaveLength(2);
});
