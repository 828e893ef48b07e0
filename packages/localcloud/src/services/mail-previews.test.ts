import { expect, test } from "vitest";
import { previewPage, previewsPage } from "./mail-previews.ts";

test("promise T: every mail that is listed can be looked at, in a frame that runs nothing, and as text", () => {
  const links = [...previewsPage().matchAll(/href="\/previews\/(\w+)\/(\w+)"/g)];
  expect(links).toHaveLength(13 * 8);
  for (const [, name = "", locale = ""] of links) {
    const page = previewPage(name, locale) ?? "";
    expect(page).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
    expect(page).toContain("<pre");
  }
  expect(previewPage("welcome", "xx")).toBeNull();
  expect(previewPage("nothing", "en")).toBeNull();
});
