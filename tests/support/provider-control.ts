import type { Provider } from "@imgpilot/contract/catalogue";

/** A behaviour of a simulator, consumed by one of its next calls; `match` restricts which. */
export type Behaviour = string | { readonly name: string; readonly [option: string]: unknown };

type Request = { readonly method: string; readonly path: string; readonly [more: string]: unknown };

/** Scripts a provider's simulator and reads what it was asked. `baseUrl` is the provider's base address. */
export function providerControl(name: Provider, baseUrl: string) {
  const url = new URL(`/_control/${name}`, baseUrl);
  const send = async (method: string, body?: unknown) => {
    const response = await fetch(url, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { "content-type": "application/json" } } : {}),
    });
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
    return response;
  };
  return {
    next: (...behaviours: Behaviour[]) => send("PUT", behaviours).then(() => {}),
    requests: async (): Promise<Request[]> =>
      ((await (await send("GET")).json()) as { requests: Request[] }).requests,
    reset: () => send("DELETE").then(() => {}),
  };
}
