import type { Context } from "@imgpilot/core/context";
import { loadProvider } from "@imgpilot/providers/load";
import { runtime } from "../runtime.ts";

const CONNECTIONS = {
  google: { baseUrl: "GOOGLE_BASE_URL", apiKey: "GOOGLE_API_KEY" },
  bfl: { baseUrl: "BFL_BASE_URL", apiKey: "BFL_API_KEY" },
} as const;

export const provider: Context["provider"] = async (name) => {
  const { setting, secret } = runtime();
  const { baseUrl, apiKey } = CONNECTIONS[name];
  return loadProvider(name, { baseUrl: setting(baseUrl), apiKey: await secret(apiKey) });
};
