import { runInNewContext } from "node:vm";
import { type Answer, jsonAnswer } from "../gateway/function-response.ts";
import type { Incoming } from "../gateway/incoming.ts";

type Value = { value: string };
type ViewerRequest = {
  method: string;
  uri: string;
  querystring: Record<string, Value>;
  headers: Record<string, Value>;
  cookies: Record<string, Value>;
};
type ViewerResponse = { statusCode: number; headers?: Record<string, Value>; body?: string };

/** What a CloudFront function made of a request: another request, or the answer. */
export type Viewed = { readonly incoming: Incoming } | { readonly answer: Answer };

/** A CloudFront function takes about a millisecond; one that has not ended by now never will. */
const TIMEOUT_MS = 1_000;

/**
 * Loads a CloudFront function and runs it on requests (event structure 1.0). It has no access to anything but what it is
 * given, as there. An error in it is a 503, as CloudFront answers it.
 */
export function createViewerFunction(code: string): (incoming: Incoming) => Viewed {
  const handler = runInNewContext(`${code}\n;handler`, {}, { timeout: TIMEOUT_MS }) as (
    event: object,
  ) => unknown;
  return (incoming) => {
    const event = {
      version: "1.0",
      context: { eventType: "viewer-request" },
      viewer: { ip: incoming.sourceIp },
    };
    try {
      const result = handler({ ...event, request: requestOf(incoming) }) as ViewerRequest | ViewerResponse;
      return "statusCode" in result
        ? { answer: answerOf(result) }
        : { incoming: rewritten(incoming, result) };
    } catch (error) {
      return {
        answer: jsonAnswer(503, { message: `The CloudFront function failed: ${(error as Error).message}` }),
      };
    }
  };
}

function requestOf({ method, url, headers }: Incoming): ViewerRequest {
  const { cookie = "", ...others } = headers;
  const [path = "/", query = ""] = halves(url, "?");
  const values = (pairs: Iterable<readonly [string, string]>) =>
    Object.fromEntries([...pairs].map(([name, value]) => [name, { value }]));
  const cookies = cookie.split(/; */).filter(Boolean);
  return {
    method,
    uri: path,
    querystring: values(new URLSearchParams(query)),
    headers: values(Object.entries(others)),
    cookies: values(cookies.map((pair) => halves(pair, "=") as [string, string])),
  };
}

/** Only path and headers may be changed; the query and cookies of the visitor go on as they came. */
function rewritten(incoming: Incoming, { uri, headers }: ViewerRequest): Incoming {
  const [, query] = halves(incoming.url, "?");
  const { cookie } = incoming.headers;
  return {
    ...incoming,
    url: query === "" ? uri : `${uri}?${query}`,
    headers: {
      ...Object.fromEntries(Object.entries(headers).map(([name, { value }]) => [name.toLowerCase(), value])),
      ...(cookie === undefined ? {} : { cookie }),
    },
  };
}

const answerOf = ({ statusCode, headers = {}, body = "" }: ViewerResponse): Answer => ({
  statusCode,
  headers: Object.fromEntries(Object.entries(headers).map(([name, { value }]) => [name, value])),
  cookies: [],
  body: Buffer.from(body),
});

function halves(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
