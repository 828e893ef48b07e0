import { sharpImageTools } from "@imgpilot/adapters/sharp-image-tools";
import type { Provider as ProviderName } from "@imgpilot/contract/catalogue";
import type { Context } from "@imgpilot/core/context";
import type { connect } from "@imgpilot/core/db";
import { OPEN_GATE } from "@imgpilot/core/routing/gate";
import { loadProvider } from "@imgpilot/providers/load";
import type { Scripted } from "@imgpilot/simulators/behaviours";
import { controlOf } from "@imgpilot/simulators/control";
import { startSimulators } from "@imgpilot/simulators/start";
import { anAccount } from "@imgpilot/testkit/books";
import { MemoryObjects } from "../simulation/objects.ts";
import { draw, type Ending } from "./draw.ts";

/** Which model asks this provider first, its price for one image, and who is down before it is asked. */
export const ASKED: Readonly<
  Record<ProviderName, { model: string; price: number; down: readonly ProviderName[] }>
> = {
  google: { model: "nano-banana-2.1", price: 4, down: [] },
  bfl: { model: "flux-kontext-pro", price: 4, down: [] },
  openai: { model: "gpt-4o-image", price: 7, down: [] },
  xai: { model: "grok-imagine-2", price: 6, down: [] },
  fal: { model: "flux-kontext-pro", price: 4, down: ["bfl"] },
  replicate: { model: "flux-kontext-pro", price: 4, down: ["bfl", "fal"] },
};

export type Told = Ending & {
  /** What each attempt ended as, in order: a kind of `providers.md` 6, or `ok`. */
  readonly kinds: readonly string[];
  /** Calls that may cost money, by provider. */
  readonly calls: Readonly<Partial<Record<ProviderName, number>>>;
  /** How often operators were told. */
  readonly alerts: number;
};

/** The providers' simulators on the wire, the real adapters and steps, and a real database. */
export async function startTable(db: ReturnType<typeof connect>) {
  const simulators = await startSimulators({ drawMilliseconds: 0, submitMilliseconds: 0, pendingPolls: 0 });
  const names = Object.keys(simulators.urls) as ProviderName[];
  const control = (name: ProviderName) => controlOf(simulators.urls[name]);
  const reports: unknown[] = [];
  const ctx: Context = {
    db,
    objects: new MemoryObjects(),
    // Whether it is a picture is for sharp to say; making small ones of it is most of the time, and tested elsewhere.
    images: { ...sharpImageTools, thumbnail: async () => new Uint8Array() },
    workflow: {
      start: async () => {},
      stop: async () => {},
      state: async () => "running",
      failedIn: async () => null,
      redrive: async () => {},
    },
    provider: (name) => loadProvider(name, { baseUrl: simulators.urls[name], apiKey: "test-key" }),
    gate: OPEN_GATE,
    report: (fault) => void reports.push(fault),
  };

  /** Orders one image while a provider behaves like this at each call. */
  async function order(provider: ProviderName, behaviour: Scripted): Promise<Told> {
    const { model, price, down } = ASKED[provider];
    await Promise.all(names.map((name) => control(name).reset()));
    for (const name of down) await control(name).script([{ name: "auth", times: "always" }]);
    await control(provider).script([
      { ...(typeof behaviour === "string" ? { name: behaviour } : behaviour), times: "always" },
    ]);
    reports.length = 0;
    const accountId = await anAccount(db, 1_000);
    const ending = await draw(ctx, accountId, {
      model,
      prompt: "a red fox in snow",
      aspectRatio: "1:1",
      resolution: "1K",
      count: 1,
      references: [],
      fallback: "same-model",
      maxCredits: price,
    });
    const calls: Partial<Record<ProviderName, number>> = {};
    for (const name of names) {
      const made = (await control(name).requests("submit")).length;
      if (made > 0) calls[name] = made;
    }
    const rows = await db.$client<{ kind: string | null }[]>`
      select a.error_kind as kind from run_attempt a join run r on r.id = a.run_id
      where r.account_id = ${accountId} order by a.n`;
    return { ...ending, kinds: rows.map(({ kind }) => kind ?? "ok"), calls, alerts: reports.length };
  }
  return { order, close: simulators.close };
}
