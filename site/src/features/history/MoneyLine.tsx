import type { Generation } from "@imgpilot/contract/generations";
import { locale, m } from "#strings";
import { formatNumber } from "../../i18n/format.ts";
import { heldNow } from "./progress.ts";

/** What the order has cost, or what is set aside for it while nobody knows yet (promise C5). */
export function MoneyLine({ generation }: { generation: Generation }) {
  const held = heldNow(generation);
  const { quoted, charged } = generation.credits;
  const say = (count: number) => ({ count, value: formatNumber(locale(), count) });
  if (held > 0) return <p className="money">{m.money_held(say(held))}</p>;
  if (charged === 0) return <p className="money">{m.money_none()}</p>;
  const returned = quoted - charged;
  return (
    <p className="money">
      {m.money_charged(say(charged))}
      {returned > 0 && ` · ${m.money_returned(say(returned))}`}
    </p>
  );
}
