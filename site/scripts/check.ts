import { main, runAstro } from "./astro.ts";

/**
 * Checks the types of every page, component and script of the site, and that no language lacks a string.
 * @throws {Error} with all that is wrong.
 */
export async function checkSite(log: (line: string) => void = console.log): Promise<void> {
  const said = await runAstro("check", "--minimumFailingSeverity", "warning", "--minimumSeverity", "warning");
  log(`Checked the site: ${/Result \((\d+ files)\)/.exec(said)?.[1] ?? "no files"}`);
}

if (import.meta.main) await main(() => checkSite());
