import { ApiError, createClient } from "@imgpilot/contract/client";
import type { Share } from "@imgpilot/contract/shares";

export type Answer = { is: "shared"; share: Share } | { is: "gone" } | { is: "missing" } | { is: "away" };

const WAIT_MS = 5_000;

/** Reads a share over the API's own address. An API that is down is told apart from a share that is not there. */
export async function readShare(apiUrl: string, id: string, send = globalThis.fetch): Promise<Answer> {
  const api = createClient({ baseUrl: apiUrl, fetch: send });
  try {
    const share = await api.getShare({ params: { id }, signal: AbortSignal.timeout(WAIT_MS) });
    return { is: "shared", share };
  } catch (error) {
    if (!(error instanceof ApiError)) return { is: "away" };
    if (error.code === "share.gone") return { is: "gone" };
    // An id of the wrong form is nobody's page either.
    return { is: error.code === "share.missing" || error.code === "request.invalid" ? "missing" : "away" };
  }
}
