import { randomUUID } from "node:crypto";
import type { Incoming } from "./incoming.ts";
import type { RouteMatch } from "./route-table.ts";

/** Bodies of these types reach the function as text, all others in base64. */
const TEXT = /^(text\/|application\/(json|javascript|xml|x-www-form-urlencoded|([\w.-]+\+)?(json|xml))\b)/i;

export type Place = {
  readonly path: string;
  readonly query: string;
  readonly apiId: string;
  readonly account: string;
};

/** The event a function is given for a request: payload format 2.0. */
export function requestEvent(incoming: Incoming, match: RouteMatch, place: Place) {
  const { body } = incoming;
  const { cookie, ...headers } = incoming.headers;
  const isText = TEXT.test(headers["content-type"] ?? "text/plain");
  const now = new Date();
  const query = joinedQuery(place.query);
  return {
    version: "2.0",
    routeKey: match.route.key,
    rawPath: place.path,
    rawQueryString: place.query,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/; */) }),
    headers,
    ...(query === null ? {} : { queryStringParameters: query }),
    ...(Object.keys(match.pathParameters).length === 0 ? {} : { pathParameters: match.pathParameters }),
    requestContext: {
      accountId: place.account,
      apiId: place.apiId,
      domainName: hostName(headers.host ?? ""),
      domainPrefix: place.apiId,
      http: {
        method: incoming.method,
        path: place.path,
        protocol: `HTTP/${incoming.httpVersion}`,
        sourceIp: incoming.sourceIp,
        userAgent: headers["user-agent"] ?? "",
      },
      requestId: randomUUID(),
      routeKey: match.route.key,
      stage: "$default",
      time: clfTime(now),
      timeEpoch: now.getTime(),
    },
    ...(body.length === 0 ? {} : { body: body.toString(isText ? "utf8" : "base64") }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

function joinedQuery(query: string): Record<string, string> | null {
  const joined: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    joined[name] = Object.hasOwn(joined, name) ? `${joined[name]},${value}` : value;
  }
  return Object.keys(joined).length === 0 ? null : joined;
}

const hostName = (host: string) => host.replace(/:\d+$/, "");

/** `22/Nov/2026:12:14:05 +0000` */
function clfTime(date: Date): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(date.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
