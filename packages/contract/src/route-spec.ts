import { z } from "zod";
import type { RefusalCode } from "./errors.ts";

/**
 * One route of the HTTP surface. The router, the client and `GET /api/openapi.json` are all made from these, so that
 * what is documented is what is answered.
 */
export type RouteSpec = {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** With parameters in braces, as API Gateway and OpenAPI both write them. */
  readonly path: `/api/${string}`;
  readonly summary: string;
  readonly auth: "person" | "none";
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Asks for an `Idempotency-Key` header, as every call does that spends. */
  readonly spends?: true;
  /** Answers an `ETag`, and 304 where `If-None-Match` names it. */
  readonly revalidates?: true;
  /** The status of a success and its body; null where it has none (302 names an address instead). */
  readonly status: 200 | 201 | 202 | 204 | 302;
  readonly answer: z.ZodType | null;
  /** Types of content that it answers instead of JSON, as files to save, when it is asked to; `Link` leads to the rest. */
  readonly downloads?: readonly string[];
  /** What it may refuse with beyond what every route may (`COMMON_REFUSALS`). */
  readonly refusals: readonly RefusalCode[];
};

export const IDEMPOTENCY_KEY = "idempotency-key";

/** Visible ASCII: a key is stored, compared and logged as it is. */
export const IdempotencyKey = z.string().regex(/^[\x21-\x7e]{1,128}$/);

/** What any route may refuse with, by what it takes. */
export function refusalsOf(route: RouteSpec): RefusalCode[] {
  const person: RefusalCode[] = route.auth === "person" ? ["session.missing", "session.expired"] : [];
  const changing: RefusalCode[] = route.auth === "person" && route.method !== "GET" ? ["origin.refused"] : [];
  const body: RefusalCode[] = route.body
    ? ["request.malformed", "request.too_large", "request.unsupported"]
    : [];
  const input: RefusalCode[] = route.body || route.query || route.params ? ["request.invalid"] : [];
  return [
    ...input,
    ...body,
    ...person,
    ...changing,
    "rate.limited",
    "service.unavailable",
    ...route.refusals,
  ];
}
