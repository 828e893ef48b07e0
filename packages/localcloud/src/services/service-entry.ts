import { once } from "node:events";
import type { Server } from "node:net";
import type { ServiceReport } from "./service-process.ts";

type Serving = { readonly url: string; readonly close: () => Promise<void> | void };

/**
 * The life of a service's process: receives its options, reports where it serves, and ends with its parent. Kept free of
 * signals: Ctrl-C reaches the whole process group, and it is the parent that decides in which order services end.
 */
export function serve<Options>(start: (options: Options) => Promise<Serving>): void {
  process.on("SIGINT", () => {});
  let serving: Promise<Serving> | undefined;
  process.once("message", async (options) => {
    serving = start(options as Options);
    try {
      report({ url: (await serving).url });
    } catch (error) {
      report({ problem: explain(error) });
    }
  });
  process.once("disconnect", async () => {
    await serving?.then((service) => service.close()).catch(() => {});
    process.exit(0);
  });
}

/** Listens on 127.0.0.1 alone; port 0 takes any that is free. Answers the port. */
export async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

const report = (message: ServiceReport) => process.send?.(message);

function explain(error: unknown): string {
  const { code, port, message } = error as { code?: string; port?: number; message?: string };
  if (code === "EADDRINUSE") return `port ${port} is taken`;
  if (code === "ENOSPC") return "no space left on the disk";
  if (code === "EACCES") return `no permission: ${message}`;
  return message?.split("\n")[0] ?? String(error);
}
