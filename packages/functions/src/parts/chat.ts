import type { ChatRoute } from "@imgpilot/contract/chat-routes";
import type { Chat } from "@imgpilot/core/prompts/chat";
import { loadChat } from "@imgpilot/providers/load-chat";
import { runtime } from "../runtime.ts";

const CONNECTIONS = {
  google: { baseUrl: "GOOGLE_BASE_URL", apiKey: "GOOGLE_API_KEY" },
  openai: { baseUrl: "OPENAI_BASE_URL", apiKey: "OPENAI_API_KEY" },
  xai: { baseUrl: "XAI_BASE_URL", apiKey: "XAI_API_KEY" },
} as const;

export async function chat(name: ChatRoute["provider"]): Promise<Chat> {
  const { setting, secret } = runtime();
  const { baseUrl, apiKey } = CONNECTIONS[name];
  return loadChat(name, { baseUrl: setting(baseUrl), apiKey: await secret(apiKey) });
}
