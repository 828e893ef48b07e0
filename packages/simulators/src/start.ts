import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { BadScript } from "./behaviours.ts";
import { BflAnswers } from "./bfl.ts";
import { withChat } from "./chat.ts";
import { googleChat } from "./chat-google.ts";
import { openaiChat, xaiChat } from "./chat-responses.ts";
import { FalAnswers } from "./fal.ts";
import { GoogleAnswers } from "./google.ts";
import { OpenAiAnswers } from "./openai.ts";
import { ProviderSimulator } from "./provider-simulator.ts";
import { ReplicateAnswers } from "./replicate.ts";
import { type ProviderName, urlsOf } from "./urls.ts";
import { XaiAnswers } from "./xai.ts";

export type Options = {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** How long those draw, at least, that answer with the picture (Google, OpenAI, xAI). */
  readonly drawMilliseconds?: number;
  /** How long a queue (Black Forest Labs, fal, Replicate) takes to accept an order. */
  readonly submitMilliseconds?: number;
  /** How many polls of an order find it `Pending`, unless scripted. */
  readonly pendingPolls?: number;
};

export type Simulators = {
  readonly origin: string;
  /** Base URLs, to be used in place of the providers' own. */
  readonly urls: Readonly<Record<ProviderName, string>>;
  readonly close: () => Promise<void>;
};

/**
 * Serves every simulator on one origin of 127.0.0.1, each below its own prefix, and their control at
 * `/_control/<provider>`: PUT a script, GET what was asked, DELETE both.
 */
export async function startSimulators(options: Options = {}): Promise<Simulators> {
  const { port = 0, drawMilliseconds = 1_000, submitMilliseconds = 150, pendingPolls = 2 } = options;
  const providers: Record<ProviderName, ProviderSimulator> = {
    google: new ProviderSimulator(withChat(new GoogleAnswers({ drawMilliseconds }), googleChat)),
    bfl: new ProviderSimulator(new BflAnswers({ submitMilliseconds, pendingPolls })),
    openai: new ProviderSimulator(withChat(new OpenAiAnswers({ drawMilliseconds }), openaiChat)),
    xai: new ProviderSimulator(withChat(new XaiAnswers({ drawMilliseconds }), xaiChat)),
    fal: new ProviderSimulator(new FalAnswers({ submitMilliseconds, pendingPolls })),
    replicate: new ProviderSimulator(new ReplicateAnswers({ submitMilliseconds, pendingPolls })),
  };
  const server = createServer((request, response) => {
    route(providers, request, response).catch((error: unknown) => {
      // A client that hangs up in the middle of its body is no fault of ours, and is in the log.
      if (!request.complete || response.destroyed) return response.destroy();
      console.error("A simulator failed:", error);
      if (response.headersSent) response.destroy();
      else answer(response, 500, { error: "The simulator failed; its log says why" });
    });
  });
  // A request may carry a hundred megabytes, or be held open on purpose.
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { origin, urls: urlsOf(origin), close };
}

type Providers = Readonly<Record<ProviderName, ProviderSimulator>>;

async function route(
  providers: Providers,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://simulators");
  const [, first = "", second = ""] = pathname.split("/");
  const find = (name: string) =>
    Object.hasOwn(providers, name) ? providers[name as ProviderName] : undefined;

  const controlled = first === "_control" ? find(second) : undefined;
  if (controlled) return control(controlled, request, response);
  const provider = find(first);
  if (provider) return provider.handle(request, response, pathname.slice(first.length + 1), searchParams);
  answer(response, 404, { error: `Nothing here; providers: ${Object.keys(providers).join(", ")}` });
}

async function control(
  provider: ProviderSimulator,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method === "GET") return answer(response, 200, provider.state());
  if (request.method === "DELETE") {
    provider.reset();
    return answer(response, 200, provider.state());
  }
  if (request.method !== "PUT") return answer(response, 405, { error: "PUT, GET or DELETE" });
  try {
    provider.script(await jsonOf(request));
    answer(response, 200, provider.state());
  } catch (error) {
    if (!(error instanceof BadScript)) throw error;
    answer(response, 400, { error: error.message });
  }
}

/** @throws {BadScript} */
async function jsonOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new BadScript("A script is JSON");
  }
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
