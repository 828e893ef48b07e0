import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];
/** A theme changes colours and nothing else. */
const COLOURS = ["color-contrast", "link-in-text-block"];

/** What axe can see of WCAG 2.2 AA in a page as it stands, in light and dark: nothing, or each fault with its place. */
export async function audit(page: Page, view: string): Promise<void> {
  await page.emulateMedia({ colorScheme: "light" });
  const light = await new AxeBuilder({ page }).withTags(RULES).analyze();
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await new AxeBuilder({ page }).withRules(COLOURS).analyze();
  const found = { light: light.violations, dark: dark.violations };
  const faults = Object.entries(found).flatMap(([theme, violations]) =>
    violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${theme}, ${id}: ${target.join(" ")}: ${failureSummary}`),
    ),
  );
  expect(faults, view).toEqual([]);
}
