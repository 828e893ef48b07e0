import type { ChildProcess } from "node:child_process";
import fs from "node:fs";

/** The exit code of one of Postgres's programs, null after a signal. */
export async function ending(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("exit", resolve);
    child.once("error", (error) => reject(new Error(`Postgres cannot be run: ${error.message}`)));
  });
}

/** One line for a person: what the program said last, in our words where we know what it means. */
export function explain(logFile: string, what: string, port?: number): string {
  const lines = fs.readFileSync(logFile, "utf8").trim().split("\n");
  const text = lines.join("\n");
  if (/Address already in use/.test(text)) return `${what}: port ${port} is taken`;
  if (/No space left on device/.test(text)) return `${what}: no space left on the disk`;
  const cause = lines.findLast((line) => /FATAL|PANIC|error/i.test(line)) ?? lines.at(-1) ?? "";
  return `${what}: ${cause.trim() || `see ${logFile}`}`;
}
