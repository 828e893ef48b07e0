import type { ChatRoute } from "@imgpilot/contract/chat-routes";
import type { Chat } from "@imgpilot/core/prompts/chat";
import type { Connection } from "./connection.ts";

const ADAPTERS: Readonly<Record<ChatRoute["provider"], () => Promise<(connection: Connection) => Chat>>> = {
  google: async () => (await import("./chat-google.ts")).createGoogleChat,
  openai: async () => (await import("./chat-openai.ts")).createOpenAiChat,
  xai: async () => (await import("./chat-xai.ts")).createXaiChat,
};

/**
 * The chat adapter of a provider, loaded when it is first asked for.
 * @throws {TypeError} `connection.baseUrl` is not a URL.
 */
export async function loadChat(name: ChatRoute["provider"], connection: Connection): Promise<Chat> {
  const create = await ADAPTERS[name]();
  return create(connection);
}
