import type { z } from "zod";
import { Problem } from "./problem.ts";
import { IDEMPOTENCY_KEY, type RouteSpec } from "./route-spec.ts";
import { type Operation, ROUTES } from "./routes.ts";

export type ClientOptions = {
  /** The site's origin, such as `https://example.com`. */
  readonly baseUrl: string;
  /** A bearer token; without one the browser's cookie speaks for the person. */
  readonly token?: string;
  readonly fetch?: typeof globalThis.fetch;
};

type Spec<Op extends Operation> = (typeof ROUTES)[Op];
type In<Op extends Operation, Part extends string> =
  Spec<Op> extends Record<Part, infer Schema extends z.ZodType> ? { [K in Part]: z.input<Schema> } : unknown;
export type Input<Op extends Operation> = In<Op, "params"> &
  In<Op, "query"> &
  In<Op, "body"> & {
    /** For calls that spend: one is minted for each call where none is given. A repeat gives the first call's. */
    idempotencyKey?: string;
    signal?: AbortSignal;
  };
export type Answer<Op extends Operation> = Spec<Op>["answer"] extends infer Schema extends z.ZodType
  ? z.output<Schema>
  : null;
export type Client = { readonly [Op in Operation]: (input: Input<Op>) => Promise<Answer<Op>> };

/** A refusal, or an answer that is not ours at all: then `code` is `internal` and there is no problem. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly problem: Problem | null;
  readonly retryAfterSeconds: number | null;

  constructor(status: number, problem: Problem | null, retryAfterSeconds: number | null) {
    super(problem ? (problem.detail ?? problem.title) : `The server answered ${status}`);
    this.status = status;
    this.code = problem?.code ?? "internal";
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/**
 * Calls the API by the names of its operations; answers are parsed by the contract's schemas.
 * @throws {ApiError} for every answer that is not a success; what `fetch` throws is passed on.
 */
export function createClient(options: ClientOptions): Client {
  const operations = Object.entries<RouteSpec>(ROUTES).map(([id, route]) => [
    id,
    (input: LooseInput) => call(options, route, input),
  ]);
  return Object.fromEntries(operations) as Client;
}

type LooseInput = {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
  idempotencyKey?: string;
  signal?: AbortSignal;
};

async function call(options: ClientOptions, route: RouteSpec, input: LooseInput): Promise<unknown> {
  const { text } = await ask(options, route, input);
  return route.answer ? route.answer.parse(JSON.parse(text)) : null;
}

/**
 * The person's whole journal as one text, its parts joined: what `verifyJournal` takes, or a table for a spreadsheet.
 * @throws {ApiError} for every answer that is not a success; what `fetch` throws is passed on.
 */
export async function downloadEntries(
  options: ClientOptions,
  format: "jsonl" | "csv",
  signal?: AbortSignal,
): Promise<string> {
  const parts: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const input = { query: { format, cursor }, ...(signal ? { signal } : {}) };
    const { text, headers } = await ask(options, ROUTES.listEntries, input);
    parts.push(text);
    const [, next] = /<([^>]+)>;\s*rel="next"/.exec(headers.get("link") ?? "") ?? [];
    cursor = next ? new URL(next, options.baseUrl).searchParams.get("cursor") : null;
  }
  return parts.join("");
}

async function ask(options: ClientOptions, route: RouteSpec, input: LooseInput) {
  const headers = new Headers({ accept: ["application/json", ...(route.downloads ?? [])].join(", ") });
  if (options.token) headers.set("authorization", `Bearer ${options.token}`);
  if (route.body) headers.set("content-type", "application/json");
  if (route.spends) headers.set(IDEMPOTENCY_KEY, input.idempotencyKey ?? crypto.randomUUID());

  const send = options.fetch ?? globalThis.fetch;
  const response = await send(addressOf(options.baseUrl, route, input), {
    method: route.method,
    headers,
    ...(route.body ? { body: JSON.stringify(input.body) } : {}),
    ...(input.signal ? { signal: input.signal } : {}),
  });
  const text = await response.text();
  if (!response.ok) throw refusalOf(response, text);
  return { text, headers: response.headers };
}

function addressOf(baseUrl: string, route: RouteSpec, { params = {}, query = {} }: LooseInput): URL {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
  const url = new URL(path, baseUrl);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, String(value));
  return url;
}

function refusalOf(response: Response, text: string): ApiError {
  const after = Number(response.headers.get("retry-after"));
  return new ApiError(response.status, problemOf(text), after > 0 ? after : null);
}

function problemOf(text: string): Problem | null {
  try {
    return Problem.parse(JSON.parse(text));
  } catch {
    return null; // A proxy's page, or nothing at all.
  }
}
