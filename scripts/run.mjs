/**
 * The door of every npm script: `node scripts/run.mjs <command> [arguments]`. It runs on any Node from 20 on and without a
 * dependency installed, brings Node 24 and the dependencies through npm, and hands over to `scripts/<command>.ts`.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const PNPM = "pnpm@12.21.0";
const COMMANDS = [
  "start",
  "test",
  "generate",
  "verify",
  "synth",
  "reset",
  "screenshots",
  "prove",
  "nightly",
  "bench",
  "providers-check",
];
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const node = path.join(root, "node_modules/node/bin/node");
const stampFile = path.join(root, "node_modules/.imgpilot-setup");
const logFile = path.join(root, ".local/setup.log");

class Stop extends Error {}

async function main() {
  if (Number(process.versions.node.split(".")[0]) < 20)
    throw new Stop(`Node ${process.versions.node} is too old: install Node 20 or later.`);
  const [command, ...rest] = process.argv.slice(2);
  if (!COMMANDS.includes(command)) throw new Stop(`Usage: node scripts/run.mjs ${COMMANDS.join(" | ")}`);
  await setUp();
  return handOver(path.join(root, `scripts/${command}.ts`), rest);
}

/** Installs what the lockfile says, unless that is what was installed last. */
async function setUp() {
  const wanted = manifestsHash();
  if (existsSync(node) && read(stampFile) === wanted) return;
  console.log(`Installing dependencies with ${PNPM} (log: ${path.relative(process.cwd(), logFile)}) ...`);
  const started = Date.now();
  await install();
  if (!existsSync(node))
    throw new Stop(
      `The installation brought no Node for ${process.platform}-${process.arch}: see ${logFile}`,
    );
  writeFileSync(stampFile, wanted);
  console.log(`Installed in ${Math.round((Date.now() - started) / 1000)} s`);
}

/** What decides about node_modules: the lockfile, the manifests, and the platform that binaries were chosen for. */
function manifestsHash() {
  const packages = readdirSync(path.join(root, "packages")).sort();
  const files = ["pnpm-lock.yaml", "pnpm-workspace.yaml", ".npmrc", "package.json", "site/package.json"];
  const hash = createHash("sha256").update(`${PNPM} ${process.platform} ${process.arch} ${root}`);
  for (const file of [...files, ...packages.map((name) => `packages/${name}/package.json`)])
    hash.update(`\0${file}\0${read(path.join(root, file))}`);
  return hash.digest("hex");
}

async function install() {
  mkdirSync(path.dirname(logFile), { recursive: true });
  const log = openSync(logFile, "w");
  // CI: pnpm asks nothing, and draws nothing that would fill the log.
  const env = { ...process.env, CI: "1", HOME: process.env.HOME || os.userInfo().homedir };
  const windows = process.platform === "win32";
  const child = spawn("npx", ["-y", PNPM, "install", "--frozen-lockfile"], {
    cwd: root,
    env,
    shell: windows,
    stdio: ["ignore", log, log],
  });
  passSignalsTo(child);
  const { code, error, signal } = await ended(child);
  closeSync(log);
  if (signal) throw new Stop("Interrupted while installing; the next command goes on with it.");
  if (error) throw new Stop(`npx, which comes with npm, cannot be run (${error.code}): install npm.`);
  if (code !== 0) throw new Stop(`${whyNotInstalled()} (log: ${logFile})`);
}

/** The log's last word in one line. */
function whyNotInstalled() {
  const log = read(logFile);
  const reasons = [
    [/ENOSPC/, "The disk is full"],
    [
      /EACCES|EPERM|EROFS/,
      "A file cannot be written: look at the permissions of this directory and of your home directory",
    ],
    [
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT/,
      "The npm registry cannot be reached",
    ],
    [/\bE?(401|403)\b/, "The npm registry refused: look at the registry and token in your npm configuration"],
    [
      /ERR_PNPM_OUTDATED_LOCKFILE/,
      `pnpm-lock.yaml does not match the package.json files: run npx ${PNPM} install`,
    ],
    [/ERR_PNPM_UNSUPPORTED_ENGINE|EBADENGINE/, "This Node or npm is too old"],
  ];
  const known = reasons.find(([pattern]) => pattern.test(log));
  if (known) return known[1];
  const lines = log.split("\n").filter((line) => line.trim());
  return `The installation failed: ${(lines.find((line) => /ERR_|\bERR!|error/i.test(line)) ?? lines.at(-1) ?? "no output").trim()}`;
}

/** Runs a script with our own Node, in this process group, and answers its exit code. */
async function handOver(script, args) {
  const bin = path.join(root, "node_modules/.bin");
  const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH ?? ""}` };
  const child = spawn(node, [script, ...args], { cwd: root, env, stdio: "inherit" });
  passSignalsTo(child);
  endWithParent(child);
  const { code, error, signal } = await ended(child);
  if (error) throw new Stop(`Node cannot be run (${error.code}): remove node_modules and try again.`);
  return signal ? 128 + os.constants.signals[signal] : code;
}

/**
 * This process outlives its child, which knows how to end. A Ctrl-C reaches both of them, being in one process group, so
 * it is not passed on from a terminal; any other signal comes to this process alone.
 */
function passSignalsTo(child) {
  const passed = process.stdin.isTTY ? ["SIGTERM", "SIGHUP"] : ["SIGTERM", "SIGHUP", "SIGINT"];
  const pass = (signal) => passed.includes(signal) && child.kill(signal);
  const signals = ["SIGTERM", "SIGHUP", "SIGINT"];
  for (const signal of signals) process.on(signal, pass);
  child.once("close", () => {
    for (const signal of signals) process.off(signal, pass);
  });
}

/**
 * npm ends its shell on SIGTERM and tells nobody below it, which would leave a whole platform running with nobody to end
 * it. Whoever loses its parent belongs to another one at once, and ends.
 */
function endWithParent(child) {
  const parent = process.ppid;
  const watch = setInterval(() => process.ppid !== parent && child.kill("SIGTERM"), 500);
  child.once("close", () => clearInterval(watch));
}

/** @returns {Promise<{ code?: number, signal?: string, error?: Error & { code: string } }>} */
function ended(child) {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ error }));
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(error instanceof Stop ? error.message : `The set-up failed: ${error.message}`);
    process.exitCode = 1;
  },
);
