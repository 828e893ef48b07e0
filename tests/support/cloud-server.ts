import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Endpoints } from "@imgpilot/localcloud/cloud";
import type { TestProject } from "vitest/node";
import { startCloud } from "./cloud-process.ts";

declare module "vitest" {
  export interface ProvidedContext {
    endpoints: Endpoints;
    /** Its state directory. */
    cloudDir: string;
  }
}

/** One local cloud for all tests of the kind `cloud`; each test makes its own people. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = mkdtempSync(path.join(tmpdir(), "imgpilot-cloud-"));
  const cloud = await startCloud(dir);
  project.provide("endpoints", cloud.endpoints);
  project.provide("cloudDir", dir);
  return async () => {
    await cloud.stop();
    rmSync(dir, { recursive: true, force: true });
  };
}
