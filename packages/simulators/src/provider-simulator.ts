import type { IncomingMessage, ServerResponse } from "node:http";
import { parseScript, type Repertoire, Script } from "./behaviours.ts";
import { Exchange } from "./exchange.ts";
import { type LoggedRequest, RequestLog } from "./request-log.ts";

/** A stand-in for one provider: what it can be told to do, and how it answers. `path` has no prefix of ours. */
export type Answers = {
  readonly repertoire: Repertoire;
  readonly kindOf: (method: string, path: string) => LoggedRequest["kind"];
  readonly answer: (
    exchange: Exchange,
    path: string,
    query: URLSearchParams,
    script: Script,
  ) => Promise<void>;
};

/** One provider's script and log around its answers. */
export class ProviderSimulator {
  readonly #answers: Answers;
  readonly #script = new Script();
  readonly #log = new RequestLog();

  constructor(answers: Answers) {
    this.#answers = answers;
  }

  /** @throws {BadScript} and keeps the script that stands. */
  script(script: unknown): void {
    this.#script.replace(parseScript(script, this.#answers.repertoire));
  }

  reset(): void {
    this.#script.replace([]);
    this.#log.clear();
  }

  state(): { waiting: Script["waiting"]; requests: RequestLog["requests"] } {
    return { waiting: this.#script.waiting, requests: this.#log.requests };
  }

  /** Logged before anything else: whoever dies in the middle of a call has made it. */
  async handle(request: IncomingMessage, response: ServerResponse, path: string, query: URLSearchParams) {
    const kind = this.#answers.kindOf(request.method ?? "", path);
    const exchange = new Exchange(request, response, this.#log.arrived(request, kind));
    if (kind === "submit") {
      const cut = this.#script.takeUnread();
      if (cut) {
        exchange.meets(cut);
        return exchange.reset();
      }
    }
    await this.#answers.answer(exchange, path, query, this.#script);
  }
}
