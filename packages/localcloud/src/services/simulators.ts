import { type RunningService, startService } from "./service-process.ts";

/** Every model provider's simulator on one origin, each below its own name: `<url>/google`, `<url>/openai`. */
export const startProviderSimulators = (options: { readonly port?: number } = {}): Promise<RunningService> =>
  startService("The providers' simulators", new URL("./simulators.child.ts", import.meta.url), {
    port: options.port ?? 0,
  });
