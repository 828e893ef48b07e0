import { REFUSALS } from "@imgpilot/contract/errors";
import type { Problem } from "@imgpilot/contract/problem";
import { createApp } from "astro/app/entrypoint";
import { setGetEnv } from "astro/env/setup";
import { SECURITY_HEADERS } from "../security.ts";
import { type HttpEvent, type HttpResult, toRequest, toResult } from "./payload.ts";

setGetEnv((key) => process.env[key]);
const app = createApp({ streaming: false });
const POLICY = "content-security-policy";

/**
 * Answers one request of CloudFront. An unknown path gets the 404 page, whatever was asked for; but what API Gateway could
 * not match below `/api` (`/api/` itself) was no question for a page.
 */
export async function handler(event: HttpEvent): Promise<HttpResult> {
  if (event.rawPath.startsWith("/api/")) return toResult(refused());
  const response = await app.render(toRequest(event), {
    clientAddress: event.requestContext.http.sourceIp,
    addCookieHeader: true,
  });
  return withEdgePolicy(await toResult(response));
}

function refused(): Response {
  const code = "route.missing";
  const [status, title] = REFUSALS[code];
  const problem: Problem = { type: `urn:imgpilot:problem:${code}`, title, status, code };
  const headers = { "content-type": "application/problem+json", "cache-control": "no-store" };
  return new Response(JSON.stringify(problem), { status, headers });
}

/** A page that names a policy in its header would keep the edge's off: both hold, as one list (CSP 3, 2.2.1). */
function withEdgePolicy(result: HttpResult): HttpResult {
  const own = result.headers[POLICY];
  if (!own) return result;
  return {
    ...result,
    headers: { ...result.headers, [POLICY]: `${own}, ${SECURITY_HEADERS["Content-Security-Policy"]}` },
  };
}
