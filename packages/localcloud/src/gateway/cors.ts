import type { CorsSpec } from "../assembly/model.ts";
import type { Incoming } from "./incoming.ts";

/** The CORS headers an HTTP API adds by itself; none where it has no CORS configuration, or the origin is not in it. */
export function corsHeaders(cors: CorsSpec | null, request: Incoming): Record<string, string> {
  const origin = request.headers.origin;
  if (!cors || origin === undefined) return {};
  const isAnyone = cors.origins.includes("*");
  if (!isAnyone && !cors.origins.includes(origin)) return {};
  return {
    "access-control-allow-origin": isAnyone && !cors.credentials ? "*" : origin,
    ...(cors.credentials ? { "access-control-allow-credentials": "true" } : {}),
    ...(cors.exposed.length > 0 ? { "access-control-expose-headers": cors.exposed.join(",") } : {}),
    ...(isPreflight(request) ? preflightHeaders(cors) : {}),
  };
}

/** With a CORS configuration, the API answers preflights itself and asks no function. */
export function isPreflight(request: Incoming): boolean {
  return request.method === "OPTIONS" && request.headers["access-control-request-method"] !== undefined;
}

function preflightHeaders(cors: CorsSpec): Record<string, string> {
  return {
    "access-control-allow-methods": cors.methods.join(","),
    "access-control-allow-headers": cors.headers.join(","),
    ...(cors.maxAgeSeconds === null ? {} : { "access-control-max-age": String(cors.maxAgeSeconds) }),
  };
}
