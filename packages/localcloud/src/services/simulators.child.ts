import { startSimulators } from "@imgpilot/simulators/start";
import { serve } from "./service-entry.ts";

serve(async ({ port }: { port: number }) => {
  const { origin, close } = await startSimulators({ port });
  return { url: origin, close };
});
