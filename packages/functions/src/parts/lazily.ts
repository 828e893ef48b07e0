import { once } from "./once.ts";

/**
 * A port whose adapter is loaded at the first call of one of its methods, and once. All methods of a port answer
 * promises, so a caller cannot tell the difference.
 */
export function lazily<Port extends object>(load: () => Promise<Port>): Port {
  const loaded = once(load);
  const method =
    (name: string) =>
    async (...args: unknown[]) => {
      const port = await loaded();
      const act = port[name as keyof Port] as (...args: unknown[]) => unknown;
      return act.apply(port, args);
    };
  return new Proxy({} as Port, {
    // A port is not a promise: `await` must not take it for one.
    get: (_, name) => (typeof name === "string" && name !== "then" ? method(name) : undefined),
  });
}
