import { randomUUID } from "node:crypto";
import { Worker } from "node:worker_threads";
import type { FunctionSpec } from "../assembly/model.ts";
import type { FunctionLog } from "./function-log.ts";
import { answered, exited, type FunctionError, failed, type Outcome, timedOut } from "./outcome.ts";

export type SandboxData = Pick<FunctionSpec, "file" | "exportName" | "name" | "arn" | "memoryMb">;
export type ToSandbox = { requestId: string; event: string; deadline: number };
export type FromSandbox =
  | { type: "ready" }
  | { type: "unable"; error: FunctionError }
  | { type: "answered"; body: string }
  | { type: "failed"; error: FunctionError };

/** A bundle that takes longer to load never will: AWS gives it 10 s, a busy small machine needs more. */
const MAX_LOAD_SECONDS = 60;

/**
 * One worker thread with a bundle loaded, working on one invocation at a time as on AWS. A timeout, an uncaught
 * error or too much memory end the thread, and with it that invocation alone: its neighbours have their own.
 */
export class Sandbox {
  readonly #spec: FunctionSpec;
  readonly #log: FunctionLog;
  readonly #worker: Worker;
  /** Settled when the bundle is loaded (null), or could not be (the error). */
  readonly #loaded = Promise.withResolvers<Outcome | null>();
  #current: { requestId: string; end: (outcome: Outcome) => void } | null = null;
  #isAlive = true;

  constructor(spec: FunctionSpec, environment: Record<string, string>, log: FunctionLog) {
    this.#spec = spec;
    this.#log = log;
    this.#worker = new Worker(new URL("./sandbox-thread.ts", import.meta.url), {
      workerData: spec satisfies SandboxData,
      env: environment,
      execArgv: ["--enable-source-maps", "--disable-warning=ExperimentalWarning"],
      resourceLimits: { maxOldGenerationSizeMb: spec.memoryMb },
      stdout: true,
      stderr: true,
    });
    this.#worker.stdout.on("data", (chunk) => this.#write("INFO", chunk));
    this.#worker.stderr.on("data", (chunk) => this.#write("ERROR", chunk));
    this.#worker.on("message", (message: FromSandbox) => this.#hear(message));
    this.#worker.on("error", (error) => this.#die(describeCrash(error)));
    this.#worker.on("exit", (code) => this.#die(`Runtime exited with error: exit status ${code}`));
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Waits until the bundle is loaded; answers what went wrong with it, or null. */
  async loaded(): Promise<Outcome | null> {
    const timer = setTimeout(
      () => this.#loaded.resolve(timedOut("none", MAX_LOAD_SECONDS)),
      MAX_LOAD_SECONDS * 1000,
    );
    const problem = await this.#loaded.promise;
    clearTimeout(timer);
    return problem;
  }

  /** Runs one event (JSON). Never throws: what goes wrong is the outcome. */
  async invoke(event: string): Promise<Outcome> {
    const requestId = randomUUID();
    const timeoutMs = this.#spec.timeoutSeconds * 1000;
    const started = performance.now();
    this.#log.report("platform.start", { requestId, version: "$LATEST" });
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#current = { requestId, end: resolve };
    const timer = setTimeout(() => {
      resolve(timedOut(requestId, this.#spec.timeoutSeconds));
      void this.stop();
    }, timeoutMs);
    this.#worker.postMessage({ requestId, event, deadline: Date.now() + timeoutMs } satisfies ToSandbox);
    const outcome = await promise;
    clearTimeout(timer);
    this.#current = null;
    this.#log.report("platform.report", {
      requestId,
      status: outcome.isError ? "error" : "success",
      metrics: { durationMs: Math.round(performance.now() - started) },
      ...(outcome.isError ? { error: JSON.parse(outcome.body) as unknown } : {}),
    });
    return outcome;
  }

  async stop(): Promise<void> {
    this.#isAlive = false;
    await this.#worker.terminate();
  }

  #hear(message: FromSandbox): void {
    if (message.type === "ready") this.#loaded.resolve(null);
    else if (message.type === "unable") this.#loaded.resolve(failed(message.error));
    else this.#current?.end(message.type === "answered" ? answered(message.body) : failed(message.error));
  }

  #die(reason: string): void {
    this.#isAlive = false;
    this.#loaded.resolve(exited("none", reason));
    this.#current?.end(exited(this.#current.requestId, reason));
  }

  #write(level: "INFO" | "ERROR", chunk: Buffer): void {
    this.#log.write(level, chunk.toString(), this.#current?.requestId ?? null);
  }
}

function describeCrash(error: unknown): string {
  const { code, name, message } = error as NodeJS.ErrnoException;
  if (code === "ERR_WORKER_OUT_OF_MEMORY") return "Runtime exited with error: signal: killed (out of memory)";
  return `Runtime exited with error: ${name}: ${message}`;
}
