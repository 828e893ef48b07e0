import { randomUUID } from "node:crypto";
import type { Behaviour, Script } from "./behaviours.ts";
import type { Exchange } from "./exchange.ts";
import { spoiled } from "./pictures/broken.ts";
import { drawPicture, UnreadableReference } from "./pictures/draw.ts";
import { sizeOf } from "./pictures/size.ts";
import type { Answers } from "./provider-simulator.ts";
import type { LoggedRequest } from "./request-log.ts";
import { Takes } from "./takes.ts";
import { XAI_FAULTS, XAI_REPERTOIRE, xaiError } from "./xai-faults.ts";
import { askedOf, type ImageOrder, InvalidRequest, imageOrderOf, SCALES, XAI_MODELS } from "./xai-request.ts";

const IMAGES = /^\/v1\/images\/(generations|edits)$/;
const DELIVERY = /^\/delivery\/([0-9a-f-]+)\.jpeg$/;
const INVALID = "Client specified an invalid argument";
const NOT_FOUND = "Some requested entity was not found";
/** What each reference costs, in ticks. */
const REFERENCE_TICKS = 20_000_000;
/** Addresses are short-lived; so are these, by number. */
const KEPT = 50;

/** xAI's images: `POST /v1/images/generations` and `/v1/images/edits`, both with JSON, and a host for the results. */
export class XaiAnswers implements Answers {
  readonly repertoire = XAI_REPERTOIRE;
  readonly #drawMilliseconds: number;
  readonly #takes = new Takes();
  readonly #kept = new Map<string, Buffer>();

  constructor({ drawMilliseconds }: { drawMilliseconds: number }) {
    this.#drawMilliseconds = drawMilliseconds;
  }

  kindOf(method: string, path: string): LoggedRequest["kind"] {
    if (method === "POST" && IMAGES.test(path)) return "submit";
    return method === "GET" && DELIVERY.test(path) ? "sample" : "other";
  }

  async answer(exchange: Exchange, path: string, _: URLSearchParams, script: Script): Promise<void> {
    const { kind } = exchange.entry;
    if (kind === "sample") return this.#deliver(exchange, DELIVERY.exec(path)?.[1] ?? "");
    if (kind !== "submit") return xaiError(exchange, 404, NOT_FOUND, "Not found");
    const body = await exchange.readJson();
    if (!/^Bearer \S/.test(exchange.header("authorization")))
      return exchange.json(401, { error: { message: "No API key was provided.", type: "", code: null } });
    const asked = askedOf(body);
    const behaviour = script.take(asked);
    exchange.meets(behaviour);
    const fault = XAI_FAULTS[behaviour.name];
    if (fault) return fault(exchange, behaviour);
    if (body === undefined) return xaiError(exchange, 415, INVALID, "Expected a JSON body");
    if (!Object.hasOwn(XAI_MODELS, asked.model))
      return xaiError(exchange, 404, NOT_FOUND, `The model ${asked.model} does not exist.`);
    try {
      await this.#draw(exchange, imageOrderOf(body, path.endsWith("edits")), behaviour);
    } catch (error) {
      if (!(error instanceof InvalidRequest || error instanceof UnreadableReference)) throw error;
      xaiError(exchange, 400, INVALID, error.message);
    }
  }

  async #draw(exchange: Exchange, order: ImageOrder, behaviour: Behaviour): Promise<void> {
    const { prompt, aspectRatio, resolution, references, count } = order;
    const { name, seconds = 5 } = behaviour;
    const size = sizeOf(aspectRatio, SCALES[resolution]);
    const [pictures] = await Promise.all([
      Promise.all(
        Array.from({ length: count }, () => {
          const seed = this.#takes.seedFor(prompt, undefined);
          return drawPicture({ prompt, seed, size, format: "jpeg", references });
        }),
      ),
      exchange.pause(name === "slow" ? seconds * 1_000 : this.#drawMilliseconds),
    ]);
    const ticks = ticksOf(order);
    exchange.json(
      200,
      {
        data: pictures.map((picture, i) => {
          const isBlocked =
            name === "moderated-output" || name === "placeholder" || (name === "mixed" && i === count - 1);
          const item = { mime_type: "image/jpeg", respect_moderation: !isBlocked, revised_prompt: prompt };
          if (isBlocked && name !== "placeholder") return item;
          return { ...item, ...this.#told(exchange, spoiled(picture, name), order) };
        }),
        ...(name === "no-usage" ? {} : { usage: { cost_in_usd_ticks: ticks } }),
      },
      { "x-request-id": randomUUID() },
    );
  }

  /** The picture itself, or where it lies for a while. */
  #told({ origin }: Exchange, picture: Buffer, { isInline }: ImageOrder): object {
    if (isInline) return { b64_json: picture.toString("base64") };
    const id = randomUUID();
    this.#kept.set(id, picture);
    if (this.#kept.size > KEPT) this.#kept.delete(this.#kept.keys().next().value ?? "");
    return { url: `${origin}/xai/delivery/${id}.jpeg` };
  }

  #deliver(exchange: Exchange, id: string): void {
    const picture = this.#kept.get(id);
    if (picture) exchange.bytes(200, picture, { "content-type": "image/jpeg" });
    else exchange.html(404, "Not Found");
  }
}

function ticksOf({ model, resolution, quality, references, count }: ImageOrder): number {
  const care = quality === "low" ? 0.5 : 1;
  const image = (XAI_MODELS[model]?.[resolution] ?? 0) * care;
  return (image + REFERENCE_TICKS * references.length) * count;
}
