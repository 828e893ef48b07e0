import type { Behaviour, Script } from "./behaviours.ts";
import type { Exchange } from "./exchange.ts";
import { OPENAI_FAULTS, OPENAI_REPERTOIRE, openaiError, requestId } from "./openai-faults.ts";
import {
  askedOf,
  filesOf,
  type ImageOrder,
  InvalidRequest,
  imageOrderOf,
  OPENAI_MODELS,
} from "./openai-request.ts";
import { spoiled } from "./pictures/broken.ts";
import { drawPicture, UnreadableReference } from "./pictures/draw.ts";
import type { Answers } from "./provider-simulator.ts";
import type { LoggedRequest } from "./request-log.ts";
import { Takes } from "./takes.ts";

const IMAGES = /^\/v1\/images\/(generations|edits)$/;
/** Of an image of 1024 by 1024, at $30 a million. */
const TOKENS = { low: 200, medium: 1_767, high: 7_033 } as const;

/** OpenAI's Images API: `POST /v1/images/generations` with JSON, `/v1/images/edits` with a form. It does not stream. */
export class OpenAiAnswers implements Answers {
  readonly repertoire = OPENAI_REPERTOIRE;
  readonly #drawMilliseconds: number;
  readonly #takes = new Takes();

  constructor({ drawMilliseconds }: { drawMilliseconds: number }) {
    this.#drawMilliseconds = drawMilliseconds;
  }

  kindOf(method: string, path: string): LoggedRequest["kind"] {
    return method === "POST" && IMAGES.test(path) ? "submit" : "other";
  }

  async answer(exchange: Exchange, path: string, _: URLSearchParams, script: Script): Promise<void> {
    if (exchange.entry.kind !== "submit")
      return openaiError(exchange, 404, `Invalid URL (${exchange.request.method} ${path})`);
    const form = path.endsWith("edits") ? await exchange.readForm() : null;
    const fields = form === null ? jsonFields(await exchange.readJson()) : textsOf(form);
    if (!/^Bearer \S/.test(exchange.header("authorization")))
      return openaiError(exchange, 401, "You didn't provide an API key.");
    const behaviour = script.take(askedOf(fields ?? {}));
    exchange.meets(behaviour);
    const fault = OPENAI_FAULTS[behaviour.name];
    if (fault) return fault(exchange, behaviour);
    if (!fields) return openaiError(exchange, 400, "We could not parse the body of your request.");
    const { model } = askedOf(fields);
    if (!OPENAI_MODELS.includes(model))
      return openaiError(exchange, 404, `The model '${model}' does not exist.`, { code: "model_not_found" });
    try {
      await this.#draw(exchange, imageOrderOf(fields, form ? await filesOf(form) : []), behaviour);
    } catch (error) {
      if (error instanceof InvalidRequest) return openaiError(exchange, 400, error.message, facts(error));
      if (!(error instanceof UnreadableReference)) throw error;
      openaiError(exchange, 400, "Invalid image file or mode for image 1.", {
        code: "invalid_image_file",
        param: "image",
      });
    }
  }

  async #draw(exchange: Exchange, order: ImageOrder, { name, seconds = 5 }: Behaviour): Promise<void> {
    const { prompt, size, format, references, quality, count } = order;
    const [pictures] = await Promise.all([
      Promise.all(
        Array.from({ length: count }, () => {
          const seed = this.#takes.seedFor(prompt, undefined);
          return drawPicture({ prompt, seed, size, format, references });
        }),
      ),
      exchange.pause(name === "slow" ? seconds * 1_000 : this.#drawMilliseconds),
    ]);
    const answer = {
      created: Math.floor(Date.now() / 1_000),
      background: "opaque",
      data: pictures.map((picture) => ({ b64_json: spoiled(picture, name).toString("base64") })),
      output_format: format,
      quality,
      size: `${size.width}x${size.height}`,
      ...(name === "no-usage" ? {} : { usage: usageOf(order) }),
    };
    exchange.json(200, answer, requestId());
  }
}

const facts = ({ code, param }: InvalidRequest) => ({ code, param });

function jsonFields(body: unknown): Record<string, unknown> | undefined {
  return typeof body === "object" && body !== null && !Array.isArray(body) ? { ...body } : undefined;
}

/** What a form says beside its files. */
const textsOf = (form: FormData | undefined) =>
  form && Object.fromEntries([...form].filter(([name]) => !/^image(\[\])?$/.test(name)));

function usageOf({ prompt, references, size, quality, count }: ImageOrder) {
  const text_tokens = Math.ceil(prompt.length / 4);
  const image_tokens = 1_056 * references.length;
  const area = (size.width * size.height) / 1_024 ** 2;
  const output_tokens = Math.round(TOKENS[quality] * area) * count;
  const input_tokens = text_tokens + image_tokens;
  const input_tokens_details = { image_tokens, text_tokens };
  return { input_tokens, input_tokens_details, output_tokens, total_tokens: input_tokens + output_tokens };
}
