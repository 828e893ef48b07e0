import { ApiError, type ClientOptions, createClient, downloadEntries } from "@imgpilot/contract/client";
import { Problem } from "@imgpilot/contract/problem";
import { hearDate } from "./clock.ts";

const send: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  hearDate(response.headers.get("date"));
  return response;
};

/** The API under the page's own origin; the session's cookie speaks for the person. */
const site: ClientOptions = {
  baseUrl: typeof location === "undefined" ? "http://localhost" : location.origin,
  fetch: send,
};
export const api = createClient(site);

/** The person's whole journal as the API writes it: nothing in between could make a wrong row right. */
export const downloadBooks = (format: "jsonl" | "csv") => downloadEntries(site, format);

/**
 * Sign-in, which Better Auth serves and the typed client does not name. Answers the parsed body, null for none.
 * @throws {ApiError} for every answer that is not a success; what `fetch` throws is passed on.
 */
export async function ask(
  method: "GET" | "POST",
  path: `/api/auth/${string}`,
  body?: unknown,
): Promise<unknown> {
  const response = await send(path, {
    method,
    headers: {
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const parsed = parse(await response.text());
  if (response.ok) return parsed;
  const after = Number(response.headers.get("retry-after"));
  throw new ApiError(response.status, Problem.safeParse(parsed).data ?? null, after > 0 ? after : null);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // No body, or a proxy's page.
  }
}

export const isRefusal = (error: unknown, code: string) => error instanceof ApiError && error.code === code;

/** Nobody can tell from these whether the call took effect; the same press again must repeat it, not double it. */
export const isUncertain = (error: unknown) =>
  !(error instanceof ApiError) || error.status >= 500 || error.status === 429;

export const isSignedOut = (error: unknown) => error instanceof ApiError && error.status === 401;
