import { MODELS, type Model } from "@imgpilot/contract/catalogue";
import { RoutingSettings } from "@imgpilot/contract/routing";
import { sql } from "drizzle-orm";
import type { Db } from "../db/index.ts";

/** Nothing is switched off, and a block is an answer: asking around until somebody does not mind is no default of ours. */
export const DEFAULT_SETTINGS: RoutingSettings = RoutingSettings.parse({});

/** A setting that names something that is not there. */
export class BadSettings extends Error {
  override readonly name = "BadSettings";
}

/** What is in force. A document that somebody wrote past `configure` and that is none is as if it were not there. */
export async function settings(db: Db): Promise<RoutingSettings> {
  const [row] = await db.execute<{ document: unknown }>(
    sql`select document from routing_setting order by id desc limit 1`,
  );
  const parsed = RoutingSettings.safeParse(row?.document ?? {});
  return parsed.success ? parsed.data : DEFAULT_SETTINGS;
}

/**
 * Puts other settings in force, with who and why.
 * @throws {BadSettings} where they are none, or name a route or model that the catalogue does not have.
 */
export async function configure(
  db: Db,
  { document, actor, reason }: { document: unknown; actor: string; reason: string },
): Promise<void> {
  const parsed = RoutingSettings.safeParse(document);
  if (!parsed.success) throw new BadSettings(parsed.error.message);
  const unknown = strangers(parsed.data, MODELS);
  if (unknown.length > 0) throw new BadSettings(`The catalogue has no ${unknown.join(", ")}`);
  await db.execute(sql`
    insert into routing_setting (document, actor, reason)
    values (${JSON.stringify(parsed.data)}::jsonb, ${actor}, ${reason})`);
}

function strangers({ off, afterBlock }: RoutingSettings, catalogue: readonly Model[]): string[] {
  const routes = catalogue.flatMap((model) => model.routes);
  const isKnown = ({ provider, upstream }: RoutingSettings["off"][number]) =>
    routes.some(
      (route) =>
        route.provider === provider && (!upstream || [route.upstream, route.successor].includes(upstream)),
    );
  const models = Object.entries(afterBlock).flatMap(([model, others]) => [model, ...others]);
  return [
    ...off
      .filter((route) => !isKnown(route))
      .map(({ provider, upstream }) => `${provider}/${upstream ?? "*"}`),
    ...models.filter((id) => !catalogue.some((model) => model.id === id)),
  ];
}

/** Whether a route may be called for new orders. */
export const isOn = ({ off }: RoutingSettings, route: { provider: string; upstream: string }): boolean =>
  !off.some(
    ({ provider, upstream }) =>
      provider === route.provider && (upstream === undefined || upstream === route.upstream),
  );
