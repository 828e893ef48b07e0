import { Refusal } from "@imgpilot/core/errors";
import type { APIGatewayProxyEventV2 } from "aws-lambda";

/** Who asks: a user of the identity provider, with the account that the ledger knows. */
export type Person = { readonly userId: string; readonly accountId: string };

/** What `fetch` takes as a header's name, and as its value (RFC 9110): of other characters it throws. */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * The headers as `fetch` knows them; API Gateway hands cookies over apart from them, and what clients send as text. What
 * `fetch` would not send is left out: nothing of ours is read from it, and nobody breaks a request with it.
 */
export function headersOf(event: APIGatewayProxyEventV2): Headers {
  const cookie = event.cookies?.length ? { cookie: event.cookies.join("; ") } : {};
  const sent = Object.entries({ ...event.headers, ...cookie }).filter(
    (header): header is [string, string] => NAME.test(header[0]) && VALUE.test(header[1] ?? "\n"),
  );
  return new Headers(sent);
}

/**
 * A browser sends cookies along with any site's request, and says whose it is: a change is made for our own site alone.
 * A bearer token is sent by whoever holds it, so nothing is asked of those (`api.md`).
 * @throws {Refusal} `origin.refused`
 */
export function refuseOtherSites(headers: Headers, method: string, siteUrl: string): void {
  if (method === "GET" || headers.has("authorization")) return;
  if (headers.get("origin") !== new URL(siteUrl).origin) throw new Refusal("origin.refused");
}

/**
 * The address that the request came from: API Gateway appends its own caller, which is the CDN, to what the CDN
 * appended. For limits only: who reaches API Gateway around the CDN can choose it.
 */
export function addressOf(event: APIGatewayProxyEventV2): string {
  const hops = event.headers["x-forwarded-for"]?.split(",").map((hop) => hop.trim()) ?? [];
  return hops.at(-2) ?? hops.at(-1) ?? event.requestContext.http.sourceIp;
}
