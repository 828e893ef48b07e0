import { type Call, providerError } from "./errors.ts";

/** What a model wrote, as the JSON that it was asked for. @throws {ProviderError} `bad_response` for anything else. */
export function toldJson(call: Call, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw providerError(call, "bad_response", { reason: "not_json", maybeBilled: true });
  }
}
