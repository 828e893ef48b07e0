import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/**
 * Writes the command as one file of plain JavaScript that anybody can read before running it: the very file that the
 * account page runs, then the command line around it, both without their types.
 */
const VERIFIER = fileURLToPath(import.meta.resolve("@imgpilot/contract/verifier"));
const CLI = fileURLToPath(new URL("./cli.ts", import.meta.url));
const OUTPUT = fileURLToPath(new URL("../dist/imgpilot-verifier.mjs", import.meta.url));
const OWN_IMPORT = /^import \{[^}]*\} from "@imgpilot\/contract\/verifier";\n/m;

const plain = (file: string): string =>
  ts.transpileModule(readFileSync(file, "utf8"), {
    fileName: file,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, removeComments: false },
  }).outputText;

const cli = plain(CLI);
if (!OWN_IMPORT.test(cli)) throw new Error("The command line no longer imports the verifier in one line");
const parts = ["#!/usr/bin/env node", plain(VERIFIER).trimEnd(), cli.replace(OWN_IMPORT, "")];
mkdirSync(new URL(".", `file://${OUTPUT}`), { recursive: true });
writeFileSync(OUTPUT, parts.join("\n"));
chmodSync(OUTPUT, 0o755);
