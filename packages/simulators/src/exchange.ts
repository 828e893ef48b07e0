import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Behaviour } from "./behaviours.ts";
import { elided, elidedForm, type LoggedRequest } from "./request-log.ts";

/** One request under way: its log entry, and the ways in which it can end. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly entry: LoggedRequest;
  readonly #response: ServerResponse;
  readonly #left = new AbortController();

  constructor(request: IncomingMessage, response: ServerResponse, entry: LoggedRequest) {
    this.request = request;
    this.entry = entry;
    this.#response = response;
    response.on("close", () => {
      this.#left.abort();
      if (entry.outcome !== "open") return;
      entry.outcome = response.writableFinished ? "answered" : "left";
    });
  }

  /** The address that this server was called by, which its own links must share. */
  get origin(): string {
    return `http://${this.request.headers.host ?? "127.0.0.1"}`;
  }

  get hasLeft(): boolean {
    return this.#left.signal.aborted;
  }

  header(name: string): string {
    return String(this.request.headers[name] ?? "");
  }

  /** The body as JSON, undefined where it is none, and then logged as text. */
  async readJson(): Promise<unknown> {
    const text = (await this.#read()).toString("utf8");
    try {
      const json: unknown = JSON.parse(text);
      this.entry.body = elided(json);
      return json;
    } catch {
      this.entry.body = text.slice(0, 1_000);
      return undefined;
    }
  }

  /** The body as a form, undefined where it is none. Files are logged as their length and hash. */
  async readForm(): Promise<FormData | undefined> {
    const body = await this.#read();
    try {
      const headers = { "content-type": this.header("content-type") };
      const form = await new Response(new Uint8Array(body), { headers }).formData();
      this.entry.body = await elidedForm(form);
      return form;
    } catch {
      this.entry.body = body.subarray(0, 1_000).toString("utf8");
      return undefined;
    }
  }

  async #read(): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.request as AsyncIterable<Buffer>) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  meets(behaviour: Behaviour): void {
    this.entry.behaviour = behaviour.name;
  }

  /** Waits, but not for a client that has left. */
  async pause(milliseconds: number): Promise<void> {
    if (milliseconds > 0) await sleep(milliseconds, undefined, { signal: this.#left.signal }).catch(() => {});
  }

  json(status: number, body: unknown, headers: Record<string, string> = {}): void {
    this.bytes(status, JSON.stringify(body), {
      "content-type": "application/json; charset=UTF-8",
      ...headers,
    });
  }

  html(status: number, title: string): void {
    const page = `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
    this.bytes(status, page, { "content-type": "text/html; charset=UTF-8" });
  }

  /** A client that has left is told nothing, and the log does not say otherwise. */
  bytes(status: number, body: string | Uint8Array, headers: Record<string, string>): void {
    if (this.hasLeft) return;
    this.entry.status = status;
    this.#response
      .writeHead(status, { ...headers, "content-length": String(Buffer.byteLength(body)) })
      .end(body);
  }

  /** Begins to answer 200 and then says no more, until the client gives up. */
  async stall(contentType: string, start: string): Promise<void> {
    this.entry.status = 200;
    this.#response.writeHead(200, { "content-type": contentType }).write(start);
    if (!this.hasLeft) await new Promise((resolve) => this.#left.signal.addEventListener("abort", resolve));
  }

  /** Cuts the connection as a crash would. */
  reset(): void {
    this.entry.outcome = "reset";
    this.request.socket.resetAndDestroy();
  }
}
