import { randomUUID } from "node:crypto";
import type { Script } from "./behaviours.ts";
import type { Exchange } from "./exchange.ts";
import { checkReferences, UnreadableReference } from "./pictures/draw.ts";
import type { Answers } from "./provider-simulator.ts";
import { answerSample, progressOf, sampleOf } from "./queue-faults.ts";
import { type QueuedOrder, QueuedOrders } from "./queued-orders.ts";
import { endingOf, problem, REPLICATE_REPERTOIRE, REPLICATE_SUBMIT_FAULTS } from "./replicate-faults.ts";
import { askedOf, commissionOf, InputInvalid, REPLICATE_MODELS } from "./replicate-request.ts";
import type { LoggedRequest } from "./request-log.ts";
import { Takes } from "./takes.ts";

type Pace = { readonly submitMilliseconds: number; readonly pendingPolls: number };

const SUBMIT = /^\/v1\/models\/([\w-]+\/[\w.-]+)\/predictions$/;
const POLL = /^\/v1\/predictions\/([0-9a-f-]+)$/;
const SAMPLE = /^\/delivery\/([0-9a-f-]+)\/output\.(?:png|jpeg)$/;

/** Replicate's API: `POST /v1/models/<model>/predictions`, `GET /v1/predictions/<id>`, and its store. */
export class ReplicateAnswers implements Answers {
  readonly repertoire = REPLICATE_REPERTOIRE;
  readonly #pace: Pace;
  readonly #orders = new QueuedOrders();
  readonly #takes = new Takes();
  readonly #files = new Map<string, Buffer>();

  constructor(pace: Pace) {
    this.#pace = pace;
  }

  kindOf(method: string, path: string): LoggedRequest["kind"] {
    if (method === "POST" && SUBMIT.test(path)) return "submit";
    if (method !== "GET") return "other";
    if (SAMPLE.test(path)) return "sample";
    return POLL.test(path) ? "poll" : "other";
  }

  async answer(exchange: Exchange, path: string, query: URLSearchParams, script: Script): Promise<void> {
    const { kind } = exchange.entry;
    if (kind === "submit") return this.#submit(exchange, SUBMIT.exec(path)?.[1] ?? "", script);
    if (kind === "sample")
      return answerSample(exchange, this.#orders.find(SAMPLE.exec(path)?.[1] ?? ""), query);
    if (kind === "poll") return this.#poll(exchange, POLL.exec(path)?.[1] ?? "");
    if (exchange.request.method === "POST" && path === "/v1/files") return this.#keep(exchange);
    notFound(exchange);
  }

  async #submit(exchange: Exchange, model: string, script: Script): Promise<void> {
    const body = await exchange.readJson();
    if (!isKeyed(exchange)) return refuseKey(exchange);
    const behaviour = script.take(askedOf(model, body));
    exchange.meets(behaviour);
    const fault = REPLICATE_SUBMIT_FAULTS[behaviour.name];
    if (fault) return fault(exchange, behaviour);
    if (!REPLICATE_MODELS.includes(model)) return notFound(exchange);
    try {
      const asked = commissionOf(model, body, this.#files);
      await checkReferences(asked.references);
      const order = this.#orders.place(
        { ...asked, seed: this.#takes.seedFor(asked.prompt, asked.seed) },
        behaviour,
      );
      const { seconds = 5, name } = behaviour;
      await exchange.pause(name === "slow" ? seconds * 1_000 : this.#pace.submitMilliseconds);
      exchange.json(201, predictionOf(exchange, order, { status: "starting" }));
    } catch (error) {
      if (error instanceof InputInvalid) return refuseInput(exchange, error);
      if (!(error instanceof UnreadableReference)) throw error;
      const description = "The image cannot be read";
      refuseInput(exchange, new InputInvalid([{ type: "invalid", field: "input.image", description }]));
    }
  }

  /** A file that predictions may be made from; its address needs a token, as there. */
  async #keep(exchange: Exchange): Promise<void> {
    const content = (await exchange.readForm())?.get("content");
    if (!isKeyed(exchange)) return refuseKey(exchange);
    if (!(content instanceof Blob)) return problem(exchange, 400, "Bad request", "Missing content");
    const get = `${exchange.origin}/replicate/v1/files/${randomUUID()}`;
    this.#files.set(get, Buffer.from(await content.arrayBuffer()));
    exchange.json(201, { id: get, content_type: content.type, size: content.size, urls: { get } });
  }

  #poll(exchange: Exchange, id: string): void | Promise<void> {
    if (!isKeyed(exchange)) return refuseKey(exchange);
    const order = this.#orders.find(id);
    if (!order) return notFound(exchange);
    const { behaviour, format } = order;
    exchange.meets(behaviour);
    const ending = endingOf(behaviour);
    const { fault, state } = progressOf(order, this.#pace.pendingPolls, ending !== undefined);
    if (fault) return fault(exchange, behaviour);
    const tell = (facts: object) => exchange.json(200, predictionOf(exchange, order, facts));
    if (state) return tell({ status: STATES[state] ?? state });
    const completed_at = new Date().toISOString();
    if (ending) return tell({ status: ending.status, error: ending.error, completed_at, ...ending.more });
    const output = sampleOf(order, `${exchange.origin}/replicate/delivery/${id}/output.${format}`);
    tell({ status: "succeeded", output, completed_at, metrics: { predict_time: 4.2, image_count: 1 } });
  }
}

const STATES: Readonly<Record<string, string>> = { queued: "starting", running: "processing" };

/** The input is repeated, but for the references. */
function predictionOf({ origin }: Exchange, order: QueuedOrder, facts: object): object {
  const { id, model, prompt, seed, behaviour } = order;
  const get = `${origin}/replicate/v1/predictions/${id}`;
  const isUntrusted = behaviour.name === "untrusted-get-url";
  return {
    id,
    model,
    version: "hidden",
    input: { prompt, seed },
    logs: "",
    output: null,
    data_removed: false,
    error: null,
    created_at: new Date(order.placedAt).toISOString(),
    urls: {
      get: isUntrusted
        ? (behaviour.url ?? `https://api.replicate.com.example.com/v1/predictions/${id}`)
        : get,
      cancel: `${get}/cancel`,
      web: `https://replicate.com/p/${id}`,
    },
    ...facts,
  };
}

const isKeyed = (exchange: Exchange) => /^Bearer .+/.test(exchange.header("authorization"));
const refuseKey = (exchange: Exchange) =>
  problem(exchange, 401, "Unauthenticated", "You did not pass an authentication token");
const notFound = (exchange: Exchange) =>
  exchange.json(404, { detail: "The requested resource could not be found.", status: 404 });

function refuseInput(exchange: Exchange, { fields }: InputInvalid): void {
  const detail = fields.map(({ field, description }) => `- ${field}: ${description}\n`).join("");
  problem(exchange, 422, "Input validation failed", detail, { invalid_fields: fields });
}
