import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { forgetCaller } from "./support/caller.ts";
import { providerControl } from "./support/provider-control.ts";

/** `npm run generate`, as a person or a script meets it: what it prints, writes, and answers as exit code. */
const root = fileURLToPath(new URL("..", import.meta.url));
const google = providerControl("google", inject("endpoints").simulators.google);
const newFolder = () => mkdtempSync(path.join(tmpdir(), "imgpilot-shell-"));
let people = 0;

beforeEach(() => forgetCaller(inject("endpoints").redis));
afterEach(() => google.reset());

type Ended = { code: number | null; stdout: string; stderr: string };

function generate(...args: string[]): Promise<Ended> {
  const env = { ...process.env, IMGPILOT_DIR: inject("cloudDir") };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ["scripts/generate.ts", ...args],
      { cwd: root, env },
      (_, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}
const somebody = () => `shell-${process.pid}-${++people}@imgpilot.test`;

test("0: all delivered, saved as images, with a receipt whose entries add up", async () => {
  const out = newFolder();
  const { code, stdout, stderr } = await generate(
    ...["a red fox in snow", "--count", "2", "--out", out, "--as", somebody()],
  );

  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const files = readdirSync(out);
  expect(files).toHaveLength(2);
  for (const file of files)
    expect(readFileSync(path.join(out, file)).subarray(1, 4).toString("latin1")).toBe("PNG");
  expect(stdout).toMatch(/image 1 {2}calling google/);
  expect(stdout).toContain("8 held = 8 charged + 0 returned");
  expect(stdout).toMatch(/reserve +8 .*\n.*commit +8 /);
});

test("a retry shows as one while it happens", async () => {
  await google.next({ name: "429", retryAfterSeconds: 1 });
  const { code, stdout } = await generate("a fox", "--out", newFolder(), "--as", somebody());

  expect(code).toBe(0);
  expect(stdout).toMatch(/retry 2|try 2/);
});

test("1: refused, with the reason, and nothing charged", async () => {
  await google.next("moderated-input");
  const out = newFolder();
  const { code, stdout, stderr } = await generate("a fox", "--out", out, "--as", somebody());

  expect(code).toBe(1);
  expect(stdout).toContain("4 held = 0 charged + 4 returned");
  expect(stdout).toMatch(/failed: .*blocked this prompt/);
  expect(stderr).toContain("refused");
  expect(readdirSync(out)).toEqual([]);
});

test("1: more than the credits cover is refused before anything is drawn", async () => {
  const person = somebody();
  const args = ["--resolution", "4K", "--count", "4", "--out", newFolder(), "--as", person];
  const { code, stderr } = await generate("a fox", ...args);

  expect(code).toBe(1);
  expect(stderr).toContain("credits.insufficient");
  expect(await google.requests()).toEqual([]);
});

test.each([
  ["no prompt", []],
  ["a prompt without quotes", ["a", "fox"]],
  ["an unknown option", ["a fox", "--nope"]],
  ["an unknown model", ["a fox", "--model", "nope"]],
  ["a count that is no number", ["a fox", "--count", "two"]],
])("2: %s is wrong use, and the usage is told", async (_, args) => {
  const out = newFolder();
  const { code, stderr } = await generate(...args, "--out", out);

  expect(code).toBe(2);
  expect(stderr).toContain('npm run generate -- "a red fox in snow" [options]');
  expect(existsSync(out) && readdirSync(out)).toEqual([]);
});
