import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { AstroIntegration } from "astro";

/** Pages that carry React; every other page must work without a framework's script. */
const WITH_ISLANDS = /^\w+\/(create|history|sign-in)\.html$/;
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
      // One language's strings travel, so they are counted once.
      const sizes = scripts.map((file) => [file, gzipSync(read(file)).length] as const);
      const languages = sizes
        .filter(([file]) => /\/(en|zh|ja|ko|es|fr|de|ar)\.[^/]*js$/.test(file))
        .map(([, size]) => size);
      const total =
        sizes.reduce((sum, [, size]) => sum + size, 0) - languages.reduce((sum, size) => sum + size, 0);
      const studio = total + Math.max(0, ...languages);
      if (studio > MAX_SCRIPT_GZIP) problems.push(`the studio's scripts are ${studio} bytes compressed`);
      if (problems.length > 0) throw new Error(`Pages break their promises:\n  ${problems.join("\n  ")}`);
      logger.info(
        `${pages.length} pages; all scripts of the studio: ${Math.round(studio / 1000)} kB compressed`,
      );
    },
  },
});
