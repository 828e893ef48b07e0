import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";

/** Where an installed Chromium, or one of its kin, usually is. */
const NAMES = [
  "chromium",
  "chromium-browser",
  "google-chrome-stable",
  "google-chrome",
  "microsoft-edge-stable",
];
const APPS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** It talks to this machine alone: whatever a browser does of its own accord is left out. */
const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const isRoot = process.getuid?.() === 0;

/** A browser without a window. `file` is what `findBrowser` answered; root cannot have Chromium's sandbox. */
export function launchBrowser(file: string): Promise<Browser> {
  const args = isRoot ? ["--no-sandbox", ...FLAGS] : FLAGS;
  return chromium.launch({ executablePath: file, args });
}

/**
 * A browser for tests: `CHROMIUM_PATH`, an installed one, what the test tool downloaded before; else Debian's is installed
 * as root, else the test tool's is downloaded.
 * @throws {Error} with what to do, where there is none to be had.
 */
export function findBrowser(log: (line: string) => void = console.log): string {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (starts(named)) return named;
    throw new Error(`CHROMIUM_PATH is ${named}, which is no browser that starts.`);
  }
  const found = installed() ?? downloaded();
  if (found) return found;
  log("Installing Chromium for the browser tests (minutes) ...");
  const arrived = fromDebian() ?? fromTestTool();
  if (arrived) return arrived;
  throw new Error(
    "There is no browser for the browser tests: install Chromium, or name one in CHROMIUM_PATH.",
  );
}

const installed = () => [...NAMES.flatMap(onPath), ...APPS].find(starts);

const downloaded = () => [chromium.executablePath()].find(starts);

function fromDebian(): string | undefined {
  if (!isRoot || onPath("apt-get").length === 0) return undefined;
  // Another apt may be at work on this machine; a list that is old is no reason not to try.
  const wait = "-o DPkg::Lock::Timeout=120";
  run(
    "sh",
    "-c",
    `apt-get update -qq ${wait}; apt-get install -y -qq --no-install-recommends ${wait} chromium`,
  );
  return installed();
}

function fromTestTool(): string | undefined {
  const cli = path.join(path.dirname(fileURLToPath(import.meta.resolve("playwright-core"))), "cli.js");
  run(process.execPath, cli, "install", "chromium");
  if (isRoot && !downloaded()) run(process.execPath, cli, "install-deps", "chromium");
  return downloaded();
}

const onPath = (name: string): string[] =>
  (process.env.PATH ?? "")
    .split(path.delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => path.join(folder, name))
    .filter((file) => existsSync(file));

/** There are files of these names that only tell how to install one. */
const starts = (file: string) =>
  existsSync(file) && spawnSync(file, ["--version"], { stdio: "ignore", timeout: 20_000 }).status === 0;

/** What fails shows in what is missing afterwards. */
function run(command: string, ...args: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  spawnSync(command, args, { stdio: "ignore", timeout: 600_000, env });
}
