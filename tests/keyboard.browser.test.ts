import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import {
  batchOf,
  codeOf,
  generateButton,
  imageButtons,
  mailTo,
  newAddress,
  promptBox,
} from "./browser/actions.ts";
import { useBrowser, type Visitor } from "./browser/visitor.ts";
import { forgetCaller } from "./support/caller.ts";

/** Without a mouse: everything is reached by Tab, seen when it is, and nothing takes the focus away. */
const visitor = useBrowser();

const hasFocus = (target: Locator) => target.evaluate((element) => element === document.activeElement);

/** A ring, around the control itself or the label that it is drawn as. */
const isRinged = (target: Locator) =>
  target.evaluate((element) =>
    [element, element.closest("label")].some((one) => one && getComputedStyle(one).outlineStyle !== "none"),
  );

/** Goes on by Tab until the target has the focus; it must then be seen to have it. */
async function tabTo({ page }: Visitor, target: Locator): Promise<void> {
  await target.waitFor();
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    if (!(await hasFocus(target))) continue;
    expect(await isRinged(target), `${target} shows that it has the focus`).toBe(true);
    return;
  }
  throw new Error(`${target} is not reached by Tab`);
}

async function skipToContent(who: Visitor): Promise<void> {
  await tabTo(who, who.page.getByRole("link", { name: who.say("skip_to_content") }));
  await who.page.keyboard.press("Enter");
  expect(await hasFocus(who.page.getByRole("main"))).toBe(true);
}

test("from the sign-in form to an image seen large, by keyboard alone", async () => {
  const ann = await visitor();
  const { page, say, endpoints } = ann;
  const { keyboard } = page;
  const email = newAddress();
  await forgetCaller(endpoints.redis);
  await ann.open("/en/sign-in");
  await skipToContent(ann);
  await tabTo(ann, page.getByRole("textbox", { name: say("email") }));
  await keyboard.type(email);
  await tabTo(ann, page.getByRole("checkbox", { name: say("age_confirmation") }));
  await keyboard.press("Space");
  await tabTo(ann, page.getByRole("button", { name: say("send_mail") }));
  const asked = new Date().toISOString();
  await keyboard.press("Enter");
  const code = page.getByRole("textbox", { name: say("code") });
  await code.waitFor();
  await expect.poll(() => hasFocus(code)).toBe(true);
  await keyboard.type(codeOf(await mailTo(ann, email, asked)));
  await keyboard.press("Enter");

  await page.waitForURL("**/en/create");
  await skipToContent(ann);
  await tabTo(ann, promptBox(ann));
  await keyboard.type("a kingfisher");
  const settings = [
    page.getByRole("button", { name: say("references_add") }),
    page.getByRole("button", { name: say("model_change") }),
    page.getByRole("radio", { name: "1:1" }),
    page.getByRole("radio", { name: "1K" }),
    page.getByRole("radio", { name: say("images", { count: 1 }) }),
  ];
  for (const control of settings) await tabTo(ann, control);
  await keyboard.press("ArrowRight");
  const generate = generateButton(ann, 2, 8);
  await tabTo(ann, generate);
  await keyboard.press("Enter");

  const images = imageButtons(ann, batchOf(ann, "a kingfisher"), 2);
  await expect.poll(() => images.count(), { timeout: 30_000 }).toBe(2);
  expect(await hasFocus(generate)).toBe(true);
  await tabTo(ann, images.first());
  await keyboard.press("Enter");
  const title = (number: number) => say("image_of", { number, count: 2 });
  await page.getByRole("dialog", { name: title(1) }).waitFor();
  await keyboard.press("ArrowRight");
  await page.getByRole("dialog", { name: title(2) }).waitFor();
  await keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect(await hasFocus(images.first())).toBe(true);
});
