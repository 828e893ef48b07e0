import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** Guards that a stranger with nothing but Node can check the books: what `npm pack` makes, run as it is. */
const dir = mkdtempSync(path.join(os.tmpdir(), "imgpilot-verifier-"));
const root = fileURLToPath(new URL("..", import.meta.url));
const unpacked = path.join(dir, "package");
let tarball: string;
beforeAll(() => {
  const said = execFileSync("npm", ["pack", "--json", "--pack-destination", dir], {
    cwd: root,
    encoding: "utf8",
  });
  tarball = path.join(dir, /"filename":\s*"([^"]+)"/.exec(said)?.[1] ?? "");
  execFileSync("tar", ["-xzf", tarball, "-C", dir]);
}, 30_000);
afterAll(() => rmSync(dir, { recursive: true }));

/** Rows of an account, chained by the definition in `0001_credits_chain.sql`. */
let last = "0".repeat(64);
const LINES = [
  ["grant", "outside", "remaining", 10],
  ["reserve", "remaining", "held", 6],
  ["commit", "held", "consumed", 6],
].map(([kind, from, to, amount], index) => {
  const row = { id: index + 7, account: "acc_1", kind, grant: "grt_1", hold: null, from, to, amount };
  const text = JSON.stringify({ ...row, actor: null, meta: null, at: `2026-01-01T00:00:0${index}.000000Z` });
  last = createHash("sha256").update(`${last}\n${text}`).digest("hex");
  return `${text.slice(0, -1)},"chain":"${last}"}\n`;
});
const GOOD = LINES.join("");
const TAMPERED = GOOD.replace('"held","amount":6', '"held","amount":5');

const file = (name: string, text: string): string => {
  writeFileSync(path.join(dir, name), text);
  return path.join(dir, name);
};

/** Without the flags and loaders of a test run, in a directory that has nothing to do with ours. */
function verify(args: string[], input = "") {
  const { bin } = JSON.parse(readFileSync(path.join(unpacked, "package.json"), "utf8"));
  const command = path.join(unpacked, bin["imgpilot-verifier"]);
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    cwd: dir,
    env: {},
    input,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

test("the package is one file of JavaScript that needs nothing, from Node 20 on", () => {
  const { dependencies, engines } = JSON.parse(readFileSync(path.join(unpacked, "package.json"), "utf8"));
  expect({ dependencies, engines }).toEqual({ dependencies: undefined, engines: { node: ">=20" } });
  const files = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" }).trim().split("\n").sort();
  expect(files).toEqual(["package/README.md", "package/dist/imgpilot-verifier.mjs", "package/package.json"]);
  const source = readFileSync(path.join(unpacked, "dist/imgpilot-verifier.mjs"), "utf8");
  const imports = [...source.matchAll(/(?:from|import\(|require\()\s*"([^"]+)"/g)].map(([, name]) => name);
  expect(imports.sort()).toEqual(["node:fs", "node:util"]);
});

test("npx runs the packed file", () => {
  const offline = ["--yes", "--offline", "--cache", path.join(dir, "cache")];
  const npx = [...offline, "--package", tarball, "imgpilot-verifier", file("good.jsonl", GOOD)];
  expect(execFileSync("npx", npx, { cwd: dir, encoding: "utf8" })).toContain("remaining 4, held 0, owed 0");
}, 30_000);

describe("0: every row is right", () => {
  const found = {
    status: 0,
    stderr: "",
    stdout: expect.stringMatching(/^3 rows.*\nremaining 4, held 0, owed 0\n/),
  };

  test("in a file, in the parts of a download, on the standard input", () => {
    expect(verify([file("good.jsonl", GOOD)])).toEqual(found);
    const parts = [file("1.jsonl", LINES.slice(0, 2).join("")), file("2.jsonl", LINES[2] ?? "")];
    expect(verify(parts)).toEqual(found);
    expect(verify([], GOOD)).toEqual(found);
    expect(verify(["-"], GOOD)).toEqual(found);
  });

  test("L3: the chain of an earlier check is found in a later download", () => {
    const [, chain = ""] = /chain (\w+)/.exec(verify([], LINES.slice(0, 2).join("")).stdout) ?? [];
    expect(verify(["--known", chain], GOOD)).toEqual(found);
    expect(verify(["--known", last], LINES.slice(0, 2).join(""))).toMatchObject({ status: 1 });
  });
});

describe("1: the first wrong row is named", () => {
  test.for<[string, string, RegExp]>([
    ["a changed amount", TAMPERED, /^Line 2 \(row 8\) breaks the chain/],
    ["a row removed", LINES.toSpliced(1, 1).join(""), /^Line 2 \(row 9\) breaks the chain/],
    ["a first row that cannot be read", GOOD.replace('"amount":10', '"amount":"10"'), /^Line 1 amount/],
  ])("L3: %s", ([, text, words]) => {
    const told = { status: 1, stdout: "", stderr: expect.stringMatching(words) };
    expect(verify([file("bad.jsonl", text)])).toEqual(told);
    expect(verify([], text)).toEqual(told);
  });
});

describe("2: there is nothing to check", () => {
  test.for<[string, string]>([
    ["garbage", "\u0000\ufffd not a journal\n"],
    ["nothing", ""],
    ["a refusal", '{"code":"session.missing"}'],
    ["a spreadsheet", "id,at,kind\r\n1,2,3\r\n"],
  ])("%s", ([, text]) => {
    expect(verify([], text)).toMatchObject({ status: 2, stdout: "" });
  });

  test("a file that is not there, an option that there is not", () => {
    expect(verify(["nowhere.jsonl"])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("nowhere"),
    });
    expect(verify(["--what"])).toMatchObject({ status: 2, stderr: expect.stringContaining("Usage") });
  });
});
