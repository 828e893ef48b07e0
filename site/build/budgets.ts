import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { AstroIntegration } from "astro";

/** Pages that carry React; every other page must work without a framework's script. */
const WITH_ISLANDS = /^\w+\/(create|credits|history|sign-in)\.html$/;
const ISLAND = /<astro-island|<script[^>]*type="module"[^>]*>[^<]*astro:/;
const MAX_SCRIPT_GZIP = 150_000;

/** Fails the build when a page breaks a promise that one cannot see: scripts on static pages, our costs in public. */
export const pageBudgets = (): AstroIntegration => ({
  name: "page-budgets",
  hooks: {
    "astro:build:done": ({ dir, logger }) => {
      const root = fileURLToPath(dir);
      const read = (file: string) => readFileSync(root + file, "utf8");
      const pages = globSync("**/*.html", { cwd: root });
      const scripts = globSync("_site/*.js", { cwd: root });
      const problems = [
        ...pages
          .filter((page) => !WITH_ISLANDS.test(page) && ISLAND.test(read(page)))
          .map((page) => `${page} has an island`),
        ...pages
          .filter((page) => /style="/.test(read(page)))
          .map((page) => `${page} has a style attribute, which its policy forbids`),
        ...[...pages, ...scripts]
          .filter((file) => /costMicros:\s*\d/.test(read(file)))
          .map((file) => `${file} tells what images cost us`),
      ];
      const weights = pages
        .filter((page) => WITH_ISLANDS.test(page))
        .map((page) => [page, weigh(read(page), scripts, read)] as const);
      for (const [page, weight] of weights)
        if (weight > MAX_SCRIPT_GZIP) problems.push(`the scripts of ${page} are ${weight} bytes compressed`);
      if (problems.length > 0) throw new Error(`Pages break their promises:\n  ${problems.join("\n  ")}`);
      const most = Math.max(...weights.map(([, weight]) => weight));
      logger.info(`${pages.length} pages; the most that one loads: ${Math.round(most / 1000)} kB of scripts`);
    },
  },
});

const LANGUAGE = /\/(en|zh|ja|ko|es|fr|de|ar)\.[^/]*js$/;

/** What a page's scripts weigh compressed: those it names, those that these name, and so on. */
function weigh(page: string, scripts: readonly string[], read: (file: string) => string): number {
  const found = new Set<string>();
  const follow = (text: string) => {
    for (const script of scripts) {
      if (found.has(script) || !text.includes(path.basename(script))) continue;
      found.add(script);
      follow(read(script));
    }
  };
  follow(page);
  const sizes = [...found].map((script) => [script, gzipSync(read(script)).length] as const);
  const sum = (all: readonly (readonly [string, number])[]) =>
    all.reduce((total, [, size]) => total + size, 0);
  // One language's strings travel, so they are counted once.
  const languages = sizes.filter(([script]) => LANGUAGE.test(script));
  return sum(sizes) - sum(languages) + Math.max(0, ...languages.map(([, size]) => size));
}
