import { randomBytes } from "node:crypto";
import type { Behaviour, Script } from "./behaviours.ts";
import type { Exchange } from "./exchange.ts";
import { GOOGLE_FAULTS, GOOGLE_REPERTOIRE, googleError } from "./google-faults.ts";
import { askedOf, type Drawing, drawingOf, GOOGLE_MODELS, InvalidArgument } from "./google-request.ts";
import { spoiled, truncated } from "./pictures/broken.ts";
import { drawPicture, UnreadableReference } from "./pictures/draw.ts";
import { sizeOf } from "./pictures/size.ts";
import type { Answers } from "./provider-simulator.ts";
import type { LoggedRequest } from "./request-log.ts";
import { Takes } from "./takes.ts";

const GENERATE = /^\/v1(?:beta)?\/models\/([^/:]+):generateContent$/;
const SCALES = { "1K": 1, "2K": 2, "4K": 4 } as const;
const TOKENS = { "1K": 1_120, "2K": 1_680, "4K": 2_520 } as const;

/** The Gemini API, as far as it draws: `POST /v1beta/models/<model>:generateContent`. */
export class GoogleAnswers implements Answers {
  readonly repertoire = GOOGLE_REPERTOIRE;
  readonly #drawMilliseconds: number;
  readonly #takes = new Takes();

  constructor({ drawMilliseconds }: { drawMilliseconds: number }) {
    this.#drawMilliseconds = drawMilliseconds;
  }

  kindOf(method: string, path: string): LoggedRequest["kind"] {
    return method === "POST" && GENERATE.test(path) ? "submit" : "other";
  }

  async answer(exchange: Exchange, path: string, query: URLSearchParams, script: Script): Promise<void> {
    const model = GENERATE.exec(path)?.[1];
    if (exchange.entry.kind !== "submit" || !model) return exchange.html(404, "Error 404 (Not Found)!!1");
    const body = await exchange.readJson();
    if (!exchange.header("x-goog-api-key") && !query.get("key"))
      return googleError(exchange, 403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers.");
    const behaviour = script.take(askedOf(model, body));
    exchange.meets(behaviour);
    const fault = GOOGLE_FAULTS[behaviour.name];
    if (fault) return fault(exchange, behaviour);
    if (!Object.hasOwn(GOOGLE_MODELS, model))
      return googleError(exchange, 404, "NOT_FOUND", `models/${model} is not found for API version v1beta.`);
    try {
      await this.#draw(exchange, drawingOf(model, body), behaviour);
    } catch (error) {
      if (error instanceof InvalidArgument)
        return googleError(exchange, 400, "INVALID_ARGUMENT", error.message);
      if (!(error instanceof UnreadableReference)) throw error;
      googleError(exchange, 400, "INVALID_ARGUMENT", "Unable to process input image.");
    }
  }

  async #draw(exchange: Exchange, drawing: Drawing, { name, seconds = 5 }: Behaviour): Promise<void> {
    const { prompt, aspectRatio, imageSize, references } = drawing;
    // Larger ones come as JPEG, as from the newer models.
    const format = imageSize === "1K" ? "png" : "jpeg";
    const seed = this.#takes.seedFor(prompt, drawing.seed);
    const size = sizeOf(aspectRatio, SCALES[imageSize]);
    const [picture] = await Promise.all([
      drawPicture({ prompt, seed, size, format, references }),
      exchange.pause(name === "slow" ? seconds * 1_000 : this.#drawMilliseconds),
    ]);
    const inline = (bytes: Buffer) => ({ mimeType: `image/${format}`, data: bytes.toString("base64") });
    const thoughts = [
      { text: "A first sketch, to place the light.", thought: true },
      { inlineData: inline(truncated(picture)), thought: true },
    ];
    const parts = [...(name === "thoughts" ? thoughts : []), { inlineData: inline(spoiled(picture, name)) }];
    exchange.json(200, {
      candidates: [{ content: { parts, role: "model" }, finishReason: "STOP", index: 0 }],
      usageMetadata: usageOf(drawing),
      modelVersion: drawing.model,
      responseId: randomBytes(16).toString("base64url"),
    });
  }
}

function usageOf({ prompt, references, imageSize }: Drawing) {
  const promptTokenCount = Math.ceil(prompt.length / 4) + 258 * references.length;
  const candidatesTokenCount = TOKENS[imageSize];
  return { promptTokenCount, candidatesTokenCount, totalTokenCount: promptTokenCount + candidatesTokenCount };
}
