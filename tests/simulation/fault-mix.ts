import { Generations } from "@imgpilot/core/generations";
import type { Gate } from "@imgpilot/core/routing/gate";
import type { RunRoute } from "@imgpilot/core/runs";
import { type Books, booksOf } from "./books.ts";
import { findViolations } from "./check.ts";
import type { Lane } from "./lane.ts";
import type { Ordered } from "./person.ts";
import type { Reply, Script } from "./providers.ts";
import { randomOf } from "./random.ts";
import { anOrder } from "./schedule.ts";
import { World } from "./world.ts";

const ERROR_SHARE = 0.3;
/** Every way in which a provider can fail that a provider has. */
const ERRORS: readonly Reply[] = [
  "rate_limited",
  "overloaded",
  "timeout",
  "quota",
  "auth",
  "model_gone",
  "moderated",
  "no_image",
  "invalid_input",
  "garbage",
  "hangs",
];

const route = (provider: RunRoute["provider"], product: string, costMicros: number): RunRoute => ({
  provider,
  upstream: `${product} at ${provider}`,
  product,
  costMicros,
});
const NANO = "nano-banana-2.1";
const OWN = route("google", NANO, 33_600);
const RESOLD = [route("fal", NANO, 40_000), route("replicate", NANO, 45_000)];
const OTHER = route("bfl", "flux-kontext-pro", 40_000);

/** What a person may permit, and who may be called then. */
const PERMISSIONS: readonly (readonly [Ordered["fallback"], readonly RunRoute[]])[] = [
  ["none", [OWN]],
  ["same-model", [OWN, ...RESOLD]],
  ["any-model", [OWN, ...RESOLD, OTHER]],
];

export type Mixed = {
  readonly books: Books;
  readonly violations: readonly string[];
  /** What the providers answered to submits, in order. */
  readonly replies: readonly Reply[];
};

/**
 * Some orders, whose every call of a provider fails by chance, and a gate that shuts and fills by chance. Answers what is
 * left, and every way in which a promise was broken.
 */
export async function playFaultMix(lane: Lane, seed: number, orderCount: number): Promise<Mixed> {
  const random = randomOf(seed);
  lane.nextDay();
  const accountId = await lane.account();
  const orders = Array.from({ length: orderCount }, (_, n) => orderOf(accountId, seed * 100 + n));
  const pick = (candidates: number) => Math.floor(random() * candidates);
  const world = new World(lane, {
    orders,
    script: scriptOf(random),
    plan: () => null,
    random,
    pick,
    routeGate: fickleGate(random),
    slowness: 8,
  });
  await world.play(random() * 60);
  const books = await booksOf(lane, [accountId]);
  const violations = [
    ...findViolations(world, books),
    ...strangers(orders, books),
    ...(await unexplained(world, accountId, books)),
  ];
  return {
    books,
    violations: violations.map((violation) => `${violation}\n  in seed ${seed}`),
    replies: world.providers.calls.map(({ reply }) => reply),
  };
}

function orderOf(accountId: string, number: number): Ordered {
  const [fallback, routes] = PERMISSIONS[number % PERMISSIONS.length] as (typeof PERMISSIONS)[number];
  const count = 1 + (number % 2);
  const scenario = { name: "mix", count, routes, outcome: "succeeded", isRobust: false } as const;
  return { ...anOrder(accountId, scenario, number), fallback };
}

function scriptOf(random: () => number): Script {
  const error = () => ERRORS[Math.floor(random() * ERRORS.length)] as Reply;
  return {
    reply: (provider) => (random() < ERROR_SHARE ? error() : provider === "google" ? "draws" : "queues"),
    poll: () => {
      const chance = random();
      if (chance < ERROR_SHARE) return chance < ERROR_SHARE / 2 ? "fails" : "moderated";
      return chance < 0.5 ? "pending" : "drawn";
    },
  };
}

/** Lets in to any route that it is asked for, or finds no room: whatever breakers and limits might say. */
const fickleGate = (random: () => number): Gate => ({
  enter: async (routes) =>
    random() < 0.1
      ? { verdict: "wait", seconds: 5 }
      : { verdict: "enter", at: random() < 0.7 ? 0 : Math.floor(random() * routes.length) },
  renew: async () => {},
  leave: async () => {},
});

/** Nobody was called whom the person did not permit (promise C3). */
function strangers(orders: readonly Ordered[], { attempts }: Books): string[] {
  return attempts.flatMap(({ run_id, provider }) => {
    const order = orders.find(({ generationId }) => run_id.startsWith(generationId.slice(0, -1)));
    const isPermitted = order?.routes.some((permitted) => permitted.provider === provider);
    return isPermitted ? [] : [`C3: ${provider} was called for ${run_id}, which permits it not`];
  });
}

const ENDED = ["succeeded", "partial", "refused", "failed"];

/** Every image is there, or its owner reads why it is not, and that it cost nothing. */
async function unexplained({ ctx }: World, accountId: string, { generations }: Books): Promise<string[]> {
  const found: string[] = [];
  for (const { id } of generations) {
    const { state, images, receipt } = await Generations.get(ctx, { generationId: id, accountId });
    if (!ENDED.includes(state)) found.push(`W3: ${id} ended as ${state}`);
    for (const { n, state: is, failure } of images)
      if (is !== "done" && !(is === "failed" && failure?.message.startsWith("Not charged: ")))
        found.push(`C5: image ${n} of ${id} is ${is}, because: ${failure?.message}`);
    const drawn = images.filter((image) => image.state === "done").length;
    if (receipt.charged !== drawn * 4)
      found.push(`C5: ${id} was charged ${receipt.charged} for ${drawn} images`);
  }
  return found;
}
