import type { Script } from "./behaviours.ts";
import { BFL_REPERTOIRE, endingOf, POLL_FAULTS, SAMPLE_FAULTS, SUBMIT_FAULTS } from "./bfl-faults.ts";
import { type Order, Orders } from "./bfl-orders.ts";
import { askedOf, BFL_MODELS, commissionOf, costOf, megapixelsOf, Unprocessable } from "./bfl-request.ts";
import type { Exchange } from "./exchange.ts";
import { spoiled } from "./pictures/broken.ts";
import { checkReferences, drawPicture, UnreadableReference } from "./pictures/draw.ts";
import type { Answers } from "./provider-simulator.ts";
import type { LoggedRequest } from "./request-log.ts";
import { Takes } from "./takes.ts";

type Pace = { readonly submitMilliseconds: number; readonly pendingPolls: number };

const SUBMIT = /^\/v1\/([a-z0-9.-]+)$/;
const POLL = "/v1/get_result";
const SAMPLE = /^\/delivery\/([0-9a-f-]+)\/sample\.(?:png|jpeg)$/;

/** Black Forest Labs' API for Kontext and FLUX.2: `POST /v1/<model>`, `GET /v1/get_result?id=`, and a host for the results. */
export class BflAnswers implements Answers {
  readonly repertoire = BFL_REPERTOIRE;
  readonly #pace: Pace;
  readonly #orders = new Orders();
  readonly #takes = new Takes();

  constructor(pace: Pace) {
    this.#pace = pace;
  }

  kindOf(method: string, path: string): LoggedRequest["kind"] {
    if (method === "POST" && SUBMIT.test(path)) return "submit";
    if (method !== "GET") return "other";
    if (path === POLL) return "poll";
    return SAMPLE.test(path) ? "sample" : "other";
  }

  async answer(exchange: Exchange, path: string, query: URLSearchParams, script: Script): Promise<void> {
    const { kind } = exchange.entry;
    if (kind === "submit") return this.#submit(exchange, SUBMIT.exec(path)?.[1] ?? "", script);
    if (kind === "poll") return this.#poll(exchange, query.get("id") ?? "");
    if (kind === "sample") return this.#sample(exchange, SAMPLE.exec(path)?.[1] ?? "", query);
    exchange.json(404, { detail: "Not Found" });
  }

  async #submit(exchange: Exchange, model: string, script: Script): Promise<void> {
    const body = await exchange.readJson();
    if (!exchange.header("x-key")) return exchange.json(403, { detail: "Not authenticated" });
    const behaviour = script.take(askedOf(model, body));
    exchange.meets(behaviour);
    const fault = SUBMIT_FAULTS[behaviour.name];
    if (fault) return fault(exchange, behaviour);
    if (!BFL_MODELS.includes(model)) return exchange.json(404, { detail: "Not Found" });
    try {
      const asked = commissionOf(model, body);
      await checkReferences(asked.references);
      if (this.#orders.isFull(model)) return exchange.json(429, { detail: "Too many active tasks" });
      const order = this.#orders.place(
        { ...asked, seed: this.#takes.seedFor(asked.prompt, asked.seed) },
        behaviour,
      );
      const { seconds = 5, name } = behaviour;
      await exchange.pause(name === "slow" ? seconds * 1_000 : this.#pace.submitMilliseconds);
      exchange.json(200, accepted(exchange, order));
    } catch (error) {
      if (error instanceof Unprocessable) return exchange.json(422, { detail: error.findings });
      if (!(error instanceof UnreadableReference)) throw error;
      exchange.json(422, {
        detail: [{ loc: ["body", "input_image"], msg: "Invalid image", type: "value_error" }],
      });
    }
  }

  #poll(exchange: Exchange, id: string): void | Promise<void> {
    if (!exchange.header("x-key")) return exchange.json(403, { detail: "Not authenticated" });
    const order = this.#orders.find(id);
    if (!order) return exchange.json(404, { id, status: "Task not found", result: null });
    exchange.meets(order.behaviour);
    return answerPoll(exchange, order, this.#pace.pendingPolls);
  }

  /** Needs no key: the address is signed. */
  async #sample(exchange: Exchange, id: string, query: URLSearchParams): Promise<void> {
    const order = this.#orders.find(id);
    if (!order || query.get("sig") !== order.signature) return exchange.html(403, "AuthenticationFailed");
    const { behaviour, prompt, seed = 0, format, references, size } = order;
    exchange.meets(behaviour);
    order.fetches++;
    const fault = SAMPLE_FAULTS[behaviour.name];
    if (fault && order.fetches <= (behaviour.polls ?? 1)) return fault(exchange, behaviour);
    if (behaviour.name === "sample-redirect" && !query.has("moved"))
      return exchange.bytes(302, "", { location: `${exchange.request.url}&moved=1` });
    const picture = await drawPicture({ prompt, seed, size, format, references });
    exchange.bytes(200, spoiled(picture, behaviour.name), { "content-type": `image/${format}` });
  }
}

function accepted({ origin }: Exchange, order: Order): object {
  const { id, references, behaviour, size } = order;
  const polling_url = `${origin}/bfl${POLL}?id=${id}`;
  const facts = { id, cost: costOf(order), input_mp: references.length, output_mp: megapixelsOf(size) };
  if (behaviour.name === "no-polling-url")
    return { id, status: "Pending", webhook_url: "https://example.com/hook" };
  if (behaviour.name !== "untrusted-polling-url") return { ...facts, polling_url };
  return { ...facts, polling_url: behaviour.url ?? `https://bfl.ai.example.com/v1/get_result?id=${id}` };
}

function answerPoll(exchange: Exchange, order: Order, pendingPolls: number): void | Promise<void> {
  const { id, behaviour } = order;
  const polls = order.polls++;
  const tell = (status: string, more: object = {}) =>
    exchange.json(200, { id, status, result: null, ...more });

  const fault = POLL_FAULTS[behaviour.name];
  const faults = fault ? (behaviour.polls ?? 1) : 0;
  if (fault && polls < faults) return fault(exchange, behaviour);
  if (behaviour.name === "unknown-status" && polls < (behaviour.polls ?? 2))
    return tell(behaviour.status ?? "Reasoning", { progress: 0.1 });

  const ending = endingOf(behaviour);
  const isPaced = ending !== null || behaviour.name === "pending";
  const pending = faults + (isPaced ? (behaviour.polls ?? 1) : pendingPolls);
  if (behaviour.name !== "unknown-status" && polls < pending)
    return tell("Pending", { progress: polls / (pending + 1) });

  order.isEnded = true;
  if (ending) return tell(ending.status, ending);
  const address = `${exchange.origin}/bfl/delivery/${id}/sample.${order.format}?sig=${order.signature}`;
  const sample =
    behaviour.name === "sample-untrusted" ? (behaviour.url ?? "http://127.0.0.1:9/sample.png") : address;
  const result = { sample, prompt: order.prompt, seed: order.seed, duration: 4.2 };
  return exchange.json(200, { id, status: "Ready", result, progress: 1, cost: costOf(order) });
}
