import type { Script } from "./behaviours.ts";
import type { Exchange } from "./exchange.ts";
import {
  FAL_REPERTOIRE,
  FAL_SUBMIT_FAULTS,
  finding,
  isEnding,
  modelEndingOf,
  QUEUE_ENDINGS,
} from "./fal-faults.ts";
import { askedOf, commissionOf, endpointOf, Unprocessable } from "./fal-request.ts";
import { checkReferences, UnreadableReference } from "./pictures/draw.ts";
import { sizeOf } from "./pictures/size.ts";
import type { Answers } from "./provider-simulator.ts";
import { answerSample, detail, progressOf, sampleOf } from "./queue-faults.ts";
import { type QueuedOrder, QueuedOrders } from "./queued-orders.ts";
import type { LoggedRequest } from "./request-log.ts";
import { Takes } from "./takes.ts";

type Pace = { readonly submitMilliseconds: number; readonly pendingPolls: number };

const SUBMIT = /^\/(fal-ai\/[\w./-]+)$/;
/** Below the first two parts of the endpoint alone: `fal-ai/flux-pro/kontext/max` is asked at `fal-ai/flux-pro`. */
const REQUEST = /^\/(fal-ai\/[\w.-]+)\/requests\/([0-9a-f-]+)(\/status)?$/;
const SAMPLE = /^\/files\/([0-9a-f-]+)\.(?:png|jpeg)$/;

/** fal's queue: `POST /<endpoint>`, `GET /<app>/requests/<id>/status`, the result without `/status`, and its store. */
export class FalAnswers implements Answers {
  readonly repertoire = FAL_REPERTOIRE;
  readonly #pace: Pace;
  readonly #orders = new QueuedOrders();
  readonly #takes = new Takes();

  constructor(pace: Pace) {
    this.#pace = pace;
  }

  kindOf(method: string, path: string): LoggedRequest["kind"] {
    if (method === "POST" && SUBMIT.test(path)) return "submit";
    if (method !== "GET") return "other";
    if (SAMPLE.test(path)) return "sample";
    return REQUEST.test(path) ? "poll" : "other";
  }

  async answer(exchange: Exchange, path: string, query: URLSearchParams, script: Script): Promise<void> {
    const { kind } = exchange.entry;
    if (kind === "submit") return this.#submit(exchange, SUBMIT.exec(path)?.[1] ?? "", script);
    if (kind === "sample")
      return answerSample(exchange, this.#orders.find(SAMPLE.exec(path)?.[1] ?? ""), query);
    if (kind === "poll") return this.#poll(exchange, path);
    detail(exchange, 404, "Not Found");
  }

  async #submit(exchange: Exchange, path: string, script: Script): Promise<void> {
    const body = await exchange.readJson();
    if (!isKeyed(exchange)) return refuseKey(exchange);
    const behaviour = script.take(askedOf(path, body));
    exchange.meets(behaviour);
    const fault = FAL_SUBMIT_FAULTS[behaviour.name];
    if (fault) return fault(exchange, behaviour);
    const endpoint = endpointOf(path);
    if (!endpoint) return detail(exchange, 404, `Application '${path.split("/")[1]}' not found`);
    try {
      const asked = commissionOf(path, endpoint, body);
      await checkReferences(asked.references);
      const order = this.#orders.place(
        { ...asked, seed: this.#takes.seedFor(asked.prompt, asked.seed) },
        behaviour,
      );
      const { seconds = 5, name } = behaviour;
      await exchange.pause(name === "slow" ? seconds * 1_000 : this.#pace.submitMilliseconds);
      exchange.json(200, { status: "IN_QUEUE", queue_position: 0, ...addressesOf(exchange, order) });
    } catch (error) {
      if (error instanceof Unprocessable) return exchange.json(422, { detail: error.findings });
      if (!(error instanceof UnreadableReference)) throw error;
      finding(exchange, 422, { type: "image_load_error", loc: ["body", "image_urls"] });
    }
  }

  #poll(exchange: Exchange, path: string): void | Promise<void> {
    if (!isKeyed(exchange)) return refuseKey(exchange);
    const [, app, id = "", isStatus] = REQUEST.exec(path) ?? [];
    const order = this.#orders.find(id);
    if (!order || appOf(order) !== app) return detail(exchange, 404, "Request not found");
    exchange.meets(order.behaviour);
    return isStatus ? this.#status(exchange, order) : this.#result(exchange, order);
  }

  #status(exchange: Exchange, order: QueuedOrder): void | Promise<void> {
    const { behaviour } = order;
    const { fault, state } = progressOf(order, this.#pace.pendingPolls, isEnding(behaviour));
    if (fault) return fault(exchange, behaviour);
    const tell = (code: number, status: string, more: object = {}) =>
      exchange.json(code, { status, ...addressesOf(exchange, order), logs: null, metrics: {}, ...more });
    if (state) return tell(202, STATES[state] ?? state, state === "queued" ? { queue_position: 0 } : {});
    const [error_type] = QUEUE_ENDINGS[behaviour.name] ?? [];
    tell(200, "COMPLETED", error_type ? { error: "The request failed", error_type } : {});
  }

  #result(exchange: Exchange, order: QueuedOrder): void | Promise<void> {
    const { behaviour, id, prompt, seed, format, aspectRatio, scale } = order;
    order.reads++;
    if (order.reads <= (behaviour.polls ?? 1)) {
      if (behaviour.name === "result-500") return exchange.html(500, "Internal Server Error");
      if (behaviour.name === "result-404") return detail(exchange, 404, "Request not found");
    }
    const [error_type, status = 500] = QUEUE_ENDINGS[behaviour.name] ?? [];
    if (error_type)
      return exchange.json(
        status,
        { detail: "The request failed", error_type },
        { "x-fal-error-type": error_type },
      );
    const ending = modelEndingOf(behaviour);
    if (ending) return ending(exchange, behaviour);
    const url = sampleOf(order, `${exchange.origin}/fal/files/${id}.${format}`);
    const image = {
      url,
      content_type: `image/${format}`,
      file_name: `${id}.${format}`,
      ...sizeOf(aspectRatio, scale),
    };
    const images = behaviour.name === "empty" ? [] : [image];
    const has_nsfw_concepts = [behaviour.name === "moderated-output"];
    exchange.json(200, { images, timings: {}, seed, has_nsfw_concepts, prompt }, { "x-fal-request-id": id });
  }
}

const STATES: Readonly<Record<string, string>> = { queued: "IN_QUEUE", running: "IN_PROGRESS" };

const isKeyed = (exchange: Exchange) => /^Key .+/.test(exchange.header("authorization"));
const refuseKey = (exchange: Exchange) =>
  detail(exchange, 401, "Authentication is required to access this application");

const appOf = ({ model }: QueuedOrder) => model.split("/").slice(0, 2).join("/");

function addressesOf({ origin }: Exchange, order: QueuedOrder): object {
  const response_url = `${origin}/fal/${appOf(order)}/requests/${order.id}`;
  const { name, url = `https://fal.run.example.com/requests/${order.id}` } = order.behaviour;
  return {
    request_id: order.id,
    response_url: name === "untrusted-response-url" ? url : response_url,
    status_url: name === "untrusted-status-url" ? url : `${response_url}/status`,
    cancel_url: `${response_url}/cancel`,
  };
}
