import { createHash } from "node:crypto";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import type { RouteSpec } from "@imgpilot/contract/route-spec";
import { type Operation, ROUTES } from "@imgpilot/contract/routes";
import { Accounts } from "@imgpilot/core/accounts";
import type { Context } from "@imgpilot/core/context";
import { Refusal } from "@imgpilot/core/errors";
import type { Limits } from "@imgpilot/core/limits";
import middy, { type MiddyfiedHandler } from "@middy/core";
import httpHeaderNormalizer from "@middy/http-header-normalizer";
import httpRouter from "@middy/http-router";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type { output, ZodType } from "zod";
import { addressOf, headersOf, type Person, refuseOtherSites } from "./caller.ts";
import { readInput } from "./input.ts";
import { countRequest } from "./limit-rules.ts";
import { logger } from "./logger.ts";
import { DoorRefusal, problemAnswer, refusalOf, tell } from "./problem.ts";

/** What the routes of a Lambda stand on. */
export type Services = {
  readonly context: () => Promise<Context>;
  readonly limits: Limits;
  readonly siteUrl: () => string;
  /** Who a cookie or bearer token stands for. For Lambdas whose routes ask nobody to sign in, absent. */
  readonly signedIn?: (headers: Headers) => Promise<{ userId: string } | "missing" | "expired">;
};

type Spec<Op extends Operation> = (typeof ROUTES)[Op];
type Part<Op extends Operation, Name extends string> =
  Spec<Op> extends Record<Name, infer Schema extends ZodType> ? output<Schema> : undefined;
export type Request<Op extends Operation> = {
  readonly ctx: Context;
  readonly services: Services;
  readonly person: Spec<Op>["auth"] extends "person" ? Person : null;
  readonly params: Part<Op, "params">;
  readonly query: Part<Op, "query">;
  readonly body: Part<Op, "body">;
  readonly idempotencyKey: string;
};
export type Reply<Op extends Operation> = {
  /** Or a file to save, of a route that has downloads. */
  readonly body:
    | (Spec<Op>["answer"] extends infer Schema extends ZodType ? output<Schema> : null)
    | (Spec<Op> extends { readonly downloads: unknown } ? Download : never);
  /** Where it is not the route's own. */
  readonly status?: number;
  /** Beside those of every answer. */
  readonly headers?: Readonly<Record<string, string>>;
};
/** A file that whoever asked is to save under a name, which is of plain ASCII. */
export class Download {
  readonly name: string;
  readonly type: string;
  readonly text: string;

  constructor({ name, type, text }: { name: string; type: string; text: string }) {
    this.name = name;
    this.type = type;
    this.text = text;
  }
}
type Acts<Op extends Operation> = { readonly [O in Op]: (request: Request<O>) => Promise<Reply<O>> };
type Handler = MiddyfiedHandler<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>;

/**
 * A Lambda that answers some of the contract's routes. Each is signed in to, counted and parsed as `ROUTES` says, then
 * acts by one verb of core. Every refusal is `application/problem+json`; a bug is logged and answers a bare 500.
 */
export function noun<Op extends Operation>(services: Services, acts: Acts<Op>): Handler {
  const routes = (Object.keys(acts) as Op[]).map((operation) => ({
    method: ROUTES[operation].method,
    path: ROUTES[operation].path,
    handler: (event: APIGatewayProxyEventV2) => serve(services, operation, acts[operation] as Act, event),
  }));
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(httpHeaderNormalizer())
    .onError((request) => {
      const refusal = refusalOf(request.error);
      tell(refusal, request.error);
      request.response = problemAnswer(refusal);
    })
    .handler(httpRouter({ routes, notFoundResponse: refuseAddress }) as never);
}

type AnyReply = { body: unknown; status?: number; headers?: Readonly<Record<string, string>> };
type Act = (request: Request<Operation>) => Promise<AnyReply>;

async function serve(services: Services, operation: Operation, act: Act, event: APIGatewayProxyEventV2) {
  const route: RouteSpec = ROUTES[operation];
  const ctx = await services.context();
  const person = route.auth === "person" ? await signIn(services, ctx, route, headersOf(event)) : null;
  await countRequest(services.limits, operation, person?.accountId ?? addressOf(event));
  const request = { ctx, services, person, ...readInput(route, event) } as Request<Operation>;
  return answer(route, await act(request), event.headers["if-none-match"]);
}

async function signIn(
  { signedIn, siteUrl }: Services,
  ctx: Context,
  { method }: RouteSpec,
  headers: Headers,
): Promise<Person> {
  const found = await signedIn?.(headers);
  if (!found || found === "missing") throw new Refusal("session.missing");
  if (found === "expired") throw new Refusal("session.expired");
  refuseOtherSites(headers, method, siteUrl());
  return { userId: found.userId, accountId: await Accounts.ofUser(ctx.db, found.userId) };
}

function answer(
  route: RouteSpec,
  { body, status = route.status, headers: more = {} }: AnyReply,
  known: string | undefined,
): APIGatewayProxyStructuredResultV2 {
  if (body === null) return { statusCode: status, headers: { "cache-control": "no-store", ...more } };
  if (body instanceof Download)
    return { statusCode: status, headers: { ...fileHeaders(body), ...more }, body: body.text };
  const text = JSON.stringify(body);
  const headers = { "content-type": "application/json", "cache-control": "no-store", ...more };
  if (!route.revalidates) return { statusCode: status, headers, body: text };

  const etag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 27)}"`;
  const revalidated = { ...headers, "cache-control": "private, no-cache", etag };
  const isKnown = known?.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
  return isKnown
    ? { statusCode: 304, headers: revalidated }
    : { statusCode: status, headers: revalidated, body: text };
}

const fileHeaders = ({ name, type }: Download) => ({
  "content-type": `${type}; charset=utf-8`,
  "content-disposition": `attachment; filename="${name}"`,
  "cache-control": "no-store",
});

function refuseAddress({ path }: { path: string }): never {
  const allowed = Object.values<RouteSpec>(ROUTES).filter((route) => patternOf(route.path).test(path));
  if (allowed.length === 0) throw new Refusal("route.missing");
  throw new DoorRefusal("method.refused", { allow: allowed.map(({ method }) => method).join(", ") });
}

const patternOf = (path: string) =>
  new RegExp(`^${path.replaceAll(".", "\\.").replace(/\{\w+\}/g, "[^/]+")}/?$`);
