import { findModel } from "@imgpilot/contract/catalogue";
import type { DescribeImage, Description, ImprovePrompt, Proposal } from "@imgpilot/contract/prompts";
import { UPLOAD_MAX_BYTES } from "@imgpilot/contract/uploads";
import type { Context } from "../context.ts";
import { Refusal } from "../errors.ts";
import { NotAnImage, Uploads } from "../images/index.ts";
import { type Account, type Asking, ask } from "./ask.ts";
import { describeInstructions, helpInstructions } from "./instructions.ts";
import { FETCH_SECONDS, QUESTION_SECONDS, SHOWN_EDGE } from "./limits.ts";
import { type RemoteImages, Unfetchable } from "./remote-images.ts";
import { descriptionShape, PROPOSAL } from "./shapes.ts";

export type { Account } from "./ask.ts";

type Answered<Answer> = { readonly answer: Answer; readonly account: Account };

/** The prompt goes along as JSON: no mark that somebody writes into it can end it. */
const materialOf = (prompt: string) => JSON.stringify({ prompt });

/**
 * Proposes a prompt for the model; what becomes of it is the person's to say.
 * @throws {Refusal} `model.unknown`, `prompt.blocked`, `service.unavailable`.
 */
export async function improve(
  ctx: Asking,
  { prompt, model: id, mode }: ImprovePrompt,
): Promise<Answered<Proposal>> {
  const model = findModel(id);
  if (!model) throw new Refusal("model.unknown");
  const instructions = helpInstructions(mode, model.routes[0]?.provider);
  const question = { instructions, text: materialOf(prompt), image: null, shape: PROPOSAL };
  return ask(ctx, question, Date.now() + QUESTION_SECONDS * 1_000);
}

type Describing = Asking &
  Pick<Context, "db" | "objects" | "images"> & { readonly remoteImages: RemoteImages };

/**
 * A prompt, tags and the palette for a picture. Providers get a smaller copy of it and never its address.
 * @throws {Refusal} `reference.missing`, `reference.invalid`, `image.unfetchable`, `prompt.blocked`,
 * `service.unavailable`.
 */
export async function describe(
  ctx: Describing,
  accountId: string,
  { image, mode }: DescribeImage,
): Promise<Answered<Description>> {
  const deadline = Date.now() + QUESTION_SECONDS * 1_000;
  const original =
    "upload" in image ? await uploaded(ctx, accountId, image.upload) : await fetched(ctx, image.url);
  const bytes = await shown(ctx, original, "upload" in image ? "reference.invalid" : "image.unfetchable");
  const question = {
    instructions: describeInstructions(mode),
    text: "The picture",
    image: { bytes, contentType: "image/jpeg" as const },
    shape: descriptionShape(mode),
  };
  return ask(ctx, question, deadline);
}

async function uploaded({ db, objects }: Describing, accountId: string, id: string): Promise<Uint8Array> {
  const [upload] = await Uploads.resolve(db, accountId, [id]);
  const found = upload && (await objects.get(upload.key, UPLOAD_MAX_BYTES));
  if (!found) throw new Refusal("reference.missing");
  return found.bytes;
}

const UNFETCHABLE: Readonly<Record<Unfetchable["reason"], string>> = {
  refused: "Nothing can be fetched from this address",
  redirects: "The address leads to too many others",
  status: "There is no picture at this address",
  too_large: "The picture is too large",
  too_slow: "The picture took too long to come",
  not_an_image: "What is at this address is not a PNG, JPEG or WebP picture",
};

async function fetched({ remoteImages }: Describing, address: string): Promise<Uint8Array> {
  try {
    return await remoteImages.fetch(address, AbortSignal.timeout(FETCH_SECONDS * 1_000));
  } catch (error) {
    if (error instanceof Unfetchable) throw new Refusal("image.unfetchable", UNFETCHABLE[error.reason]);
    throw error;
  }
}

async function shown(
  { images }: Describing,
  bytes: Uint8Array,
  code: "reference.invalid" | "image.unfetchable",
): Promise<Uint8Array> {
  try {
    return await images.reduced(bytes, SHOWN_EDGE);
  } catch (error) {
    if (error instanceof NotAnImage) throw new Refusal(code, UNFETCHABLE.not_an_image);
    throw error;
  }
}
