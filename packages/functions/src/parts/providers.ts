import type { Context } from "@imgpilot/core/context";
import { loadProvider } from "@imgpilot/providers/load";
import { runtime } from "../runtime.ts";

const CONNECTIONS = {
  google: { baseUrl: "GOOGLE_BASE_URL", apiKey: "GOOGLE_API_KEY" },
  bfl: { baseUrl: "BFL_BASE_URL", apiKey: "BFL_API_KEY" },
  openai: { baseUrl: "OPENAI_BASE_URL", apiKey: "OPENAI_API_KEY" },
  xai: { baseUrl: "XAI_BASE_URL", apiKey: "XAI_API_KEY" },
  fal: { baseUrl: "FAL_BASE_URL", apiKey: "FAL_API_KEY" },
  replicate: { baseUrl: "REPLICATE_BASE_URL", apiKey: "REPLICATE_API_KEY" },
} as const;

export const provider: Context["provider"] = async (name) => {
  const { setting, secret } = runtime();
  const { baseUrl, apiKey } = CONNECTIONS[name];
  return loadProvider(name, { baseUrl: setting(baseUrl), apiKey: await secret(apiKey) });
};
