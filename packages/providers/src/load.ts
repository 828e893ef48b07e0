import type { Provider as ProviderName } from "@imgpilot/contract/catalogue";
import type { Provider } from "@imgpilot/core/generations/provider";
import type { Connection } from "./connection.ts";

export type { Connection } from "./connection.ts";

/** Each adapter is loaded when it is first asked for, so that a cold start pays for one provider and not for all. */
const ADAPTERS: Readonly<Record<ProviderName, () => Promise<(connection: Connection) => Provider>>> = {
  google: async () => (await import("./google.ts")).createGoogle,
  bfl: async () => (await import("./bfl.ts")).createBfl,
  openai: async () => (await import("./openai.ts")).createOpenAi,
  xai: async () => (await import("./xai.ts")).createXai,
  fal: async () => (await import("./fal.ts")).createFal,
  replicate: async () => (await import("./replicate.ts")).createReplicate,
};

/**
 * The adapter of a provider, ready to draw.
 * @throws {TypeError} `connection.baseUrl` is not a URL.
 */
export async function loadProvider(name: ProviderName, connection: Connection): Promise<Provider> {
  const create = await ADAPTERS[name]();
  return create(connection);
}
