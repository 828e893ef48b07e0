import { setTimeout as sleep } from "node:timers/promises";
import { imageCost, MODELS, type Provider, type Route } from "@imgpilot/contract/catalogue";
import { CHAT_ROUTES, type ChatRoute } from "@imgpilot/contract/chat-routes";
import { type Provider as Drawing, type Drawn, ProviderError } from "@imgpilot/core/generations/provider";
import { loadProvider } from "@imgpilot/providers/load";
import { loadChat } from "@imgpilot/providers/load-chat";

/** Where a provider is, unless its `_BASE_URL` says otherwise. */
const ADDRESSES: Readonly<Record<Provider, string>> = {
  google: "https://generativelanguage.googleapis.com",
  bfl: "https://api.bfl.ai",
  openai: "https://api.openai.com",
  xai: "https://api.x.ai",
  fal: "https://queue.fal.run",
  replicate: "https://api.replicate.com",
};
const PROVIDERS = Object.keys(ADDRESSES) as Provider[];
const CALL_SECONDS = 240;
const PROMPT = "A red circle on white";

type Environment = Readonly<Record<string, string | undefined>>;
type Facts = { readonly what: string; readonly costMicros: number | null };
type Options = { readonly log: (line: string) => void; readonly pollSeconds?: number };

/**
 * Calls every provider that has a key once for its cheapest picture and, where it chats, once for a prompt, one after
 * the other, and tells what came of it. Answers whether all that was called works; without a key nobody is called.
 */
export async function checkProviders(env: Environment, { log, pollSeconds = 2 }: Options): Promise<boolean> {
  const missing = PROVIDERS.filter((name) => !keyOf(env, name));
  if (missing.length > 0)
    log(`Not called, no key: ${missing.map((name) => `${name.toUpperCase()}_API_KEY`).join(", ")}`);
  let works = true;
  for (const name of PROVIDERS.filter((one) => keyOf(env, one))) {
    const image = cheapestOf(name);
    if (image)
      works =
        (await tell(log, `${name} image ${image.upstream}`, () => draw(env, image, pollSeconds))) && works;
    for (const chat of CHAT_ROUTES.filter(({ provider }) => provider === name))
      works = (await tell(log, `${name} chat ${chat.upstream}`, () => converse(env, chat))) && works;
  }
  return works;
}

const keyOf = (env: Environment, name: Provider) => env[`${name.toUpperCase()}_API_KEY`];
const connectionOf = (env: Environment, name: Provider) => ({
  baseUrl: env[`${name.toUpperCase()}_BASE_URL`] || ADDRESSES[name],
  apiKey: keyOf(env, name) ?? "",
});

const costOf = (route: Route) =>
  imageCost(route, { resolution: "1K", references: 0 }) ?? Number.POSITIVE_INFINITY;

/** The provider's cheapest picture that is drawn today. */
function cheapestOf(name: Provider): Route | undefined {
  const today = new Date().toISOString().slice(0, 10);
  return MODELS.flatMap(({ routes }) => routes)
    .filter(({ provider, retiresOn }) => provider === name && (!retiresOn || retiresOn > today))
    .toSorted((a, b) => costOf(a) - costOf(b))[0];
}

/** One line: who, what came, after how long, for how much. */
async function tell(log: Options["log"], who: string, call: () => Promise<Facts>): Promise<boolean> {
  const began = performance.now();
  const seconds = () => `${((performance.now() - began) / 1_000).toFixed(1)} s`;
  try {
    const { what, costMicros } = await call();
    const cost = costMicros === null ? "cost not told" : `$${(costMicros / 1_000_000).toFixed(4)}`;
    log(`ok      ${who}: ${what}, ${seconds()}, ${cost}`);
    return true;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const { kind, reason, message, maybeBilled } = error;
    const why = reason ? `${kind}, ${reason}` : kind;
    log(`FAILED  ${who}: ${message} (${why}), ${seconds()}${maybeBilled ? ", may have been billed" : ""}`);
    return false;
  }
}

async function draw(env: Environment, route: Route, pollSeconds: number): Promise<Facts> {
  const provider = await loadProvider(route.provider, connectionOf(env, route.provider));
  const signal = AbortSignal.timeout(CALL_SECONDS * 1_000);
  const { upstream, quality } = route;
  const order = { upstream, prompt: PROMPT, aspectRatio: "1:1", resolution: "1K", references: [] } as const;
  const first = await provider.submit({ ...order, ...(quality ? { quality } : {}) }, signal);
  const costMicros = first.costMicros ?? costOf(route);
  const drawn = first.state === "drawn" ? first : await polled(provider, first.handle, pollSeconds, signal);
  const what = `${drawn.contentType}, ${Math.ceil(drawn.bytes.byteLength / 1_000)} kB`;
  return { what, costMicros: drawn.costMicros ?? costMicros };
}

async function polled(
  provider: Drawing,
  handle: string,
  pollSeconds: number,
  signal: AbortSignal,
): Promise<Drawn> {
  for (;;) {
    await sleep(pollSeconds * 1_000);
    // Past its time the poll itself fails, by the signal.
    const state = await provider.poll(handle, signal);
    if (state.state === "drawn") return state;
  }
}

const SCHEMA = {
  type: "object",
  properties: { proposal: { type: "string" } },
  required: ["proposal"],
  additionalProperties: false,
};

async function converse(env: Environment, route: ChatRoute): Promise<Facts> {
  const chat = await loadChat(route.provider, connectionOf(env, route.provider));
  const question = {
    upstream: route.upstream,
    instructions: "Propose one better prompt for an image model, in at most ten words.",
    text: JSON.stringify({ prompt: PROMPT }),
    image: null,
    shape: { name: "proposal", schema: SCHEMA },
  };
  const { json, tokens, costMicros } = await chat.ask(question, AbortSignal.timeout(CALL_SECONDS * 1_000));
  const counted = tokens && tokens.input * route.inputMicros + tokens.output * route.outputMicros;
  const what = `JSON, ${JSON.stringify(json).length} characters`;
  return { what, costMicros: costMicros ?? (counted === null ? null : Math.ceil(counted / 1_000_000)) };
}
