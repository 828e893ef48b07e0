import { fork } from "node:child_process";
import { once } from "node:events";

export type RunningService = {
  readonly url: string;
  readonly pid: number;
  /** Ends the process; resolves when it is gone. */
  readonly stop: () => Promise<void>;
  /** Resolves, with one line that says why, if the process ends without having been stopped. */
  readonly died: Promise<string>;
};

/** What a child tells its parent: that it serves, or in one line why it cannot. */
export type ServiceReport = { readonly url: string } | { readonly problem: string };

const START_SECONDS = 30;
const STOP_SECONDS = 5;
const STDERR_KEPT_CHARACTERS = 2_000;

/**
 * Runs one service in a process of its own, which ends when ours does, however ours ends: it watches the IPC channel.
 * @param entry a module that calls `serve` (`service-entry.ts`)
 * @throws one line that says what is wrong, such as a port that is taken
 */
export async function startService<Options extends object>(
  what: string,
  entry: URL,
  options: Options,
  execArgv: string[] = [],
): Promise<RunningService> {
  const child = fork(entry, { execArgv, stdio: ["ignore", "ignore", "pipe", "ipc"] });
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT_CHARACTERS);
  });
  const ended = once(child, "exit").then(
    ([code, signal]) => `${what} ended (${signal ?? code})${lastLine(stderr)}`,
  );
  const signal = AbortSignal.timeout(START_SECONDS * 1000);
  const late = once(signal, "abort").then(
    (): ServiceReport => ({ problem: `not up within ${START_SECONDS} s` }),
  );
  const reported = once(child, "message").then(([report]) => report as ServiceReport);
  child.send(options);
  const report = await Promise.race([reported, late, ended.then((problem): ServiceReport => ({ problem }))]);
  if ("problem" in report) {
    child.kill("SIGKILL");
    throw new Error(`${what}: ${report.problem}`);
  }
  let stopped = false;
  const stop = async () => {
    stopped = true;
    if (child.connected) child.disconnect();
    const kill = setTimeout(() => child.kill("SIGKILL"), STOP_SECONDS * 1000);
    await ended;
    clearTimeout(kill);
  };
  const died = ended.then((why) => (stopped ? new Promise<never>(() => {}) : why));
  return { url: report.url, pid: child.pid ?? 0, stop, died };
}

const lastLine = (text: string) => {
  const line = text.trim().split("\n").at(-1);
  return line ? `: ${line}` : "";
};
