import { createWriteStream, mkdirSync, renameSync, statSync } from "node:fs";
import path from "node:path";

/** A log that has grown past this when the cloud starts is put aside as `<function>.old.log`. */
const KEPT_BYTES = 10_000_000;

/** What one function says, as JSON lines in `logs/<function>.log`; readable as CloudWatch's would be. */
export type FunctionLog = {
  /** A line the function wrote: JSON (a logger's) goes through as it is, other text is wrapped. */
  readonly write: (level: "INFO" | "ERROR", text: string, requestId: string | null) => void;
  /** What the platform has to say of an invocation. */
  readonly report: (type: string, record: Record<string, unknown>) => void;
  readonly close: () => Promise<void>;
};

export function openFunctionLog(dir: string, functionName: string): FunctionLog {
  mkdirSync(dir, { recursive: true });
  const file = path.join(dir, `${functionName}.log`);
  putAside(file, path.join(dir, `${functionName}.old.log`));
  const stream = createWriteStream(file, { flags: "a" });
  // A full disk must not take the cloud down with it; what the function did is still told by its answer.
  stream.on("error", () => {});
  const line = (entry: Record<string, unknown>) => stream.write(`${JSON.stringify(entry)}\n`);
  return {
    write: (level, text, requestId) => {
      for (const part of text.split("\n").filter((part) => part.trim() !== "")) {
        if (isJsonObject(part)) stream.write(`${part}\n`);
        else line({ timestamp: new Date().toISOString(), level, requestId, message: part });
      }
    },
    report: (type, record) => line({ time: new Date().toISOString(), type, record }),
    close: () => new Promise((resolve) => stream.end(() => resolve())),
  };
}

function putAside(file: string, old: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > KEPT_BYTES) renameSync(file, old);
}

function isJsonObject(text: string): boolean {
  if (!text.startsWith("{")) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
