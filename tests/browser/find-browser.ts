import type { TestProject } from "vitest/node";
import { findBrowser } from "../../scripts/browser.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The browser's program. */
    browserFile: string;
  }
}

/** Found, or installed, once for all tests of the kind `browser`, before any clock of theirs runs. */
export default function setup(project: TestProject): void {
  project.provide("browserFile", findBrowser());
}
