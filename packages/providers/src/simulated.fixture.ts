import type { Provider } from "@imgpilot/core/generations/provider";
import { controlOf } from "@imgpilot/simulators/control";
import { type Simulators, startSimulators } from "@imgpilot/simulators/start";
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Connection } from "./connection.ts";

type Create = (connection: Connection) => Provider;
type Control = ReturnType<typeof controlOf>;

/** An adapter at its simulator, for one test file: call it at the top. Nothing is scripted as a test begins. */
export function simulated(name: keyof Simulators["urls"], create: Create, apiKey: string) {
  let simulators: Simulators | undefined;
  const urls = () => {
    if (!simulators) throw new Error("The simulators are there once tests run, not while they are collected");
    return simulators.urls;
  };
  const connected = () => create({ baseUrl: urls()[name], apiKey });
  const provider: Provider = {
    submit: (request, signal) => connected().submit(request, signal),
    poll: (handle, signal) => connected().poll(handle, signal),
  };
  const control: Control = {
    script: (behaviours) => controlOf(urls()[name]).script(behaviours),
    waiting: () => controlOf(urls()[name]).waiting(),
    requests: (kind) => controlOf(urls()[name]).requests(kind),
    reset: () => controlOf(urls()[name]).reset(),
  };
  beforeAll(async () => {
    simulators = await startSimulators({ drawMilliseconds: 0, submitMilliseconds: 0 });
  });
  afterAll(() => simulators?.close());
  beforeEach(() => control.reset());
  return { provider, control, urls };
}
