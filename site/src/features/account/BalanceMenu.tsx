import type { Balance } from "@imgpilot/contract/credits";
import { locale, m } from "#strings";
import { formatDay, formatNumber } from "../../i18n/format.ts";
import { pageIn } from "../../i18n/locales.ts";
import { Menu } from "./Menu.tsx";

/** What can be spent, what is set aside, and which credits run out first. */
export function BalanceMenu({ balance }: { balance: Balance }) {
  const say = (count: number) => ({ count, value: formatNumber(locale(), count) });
  const words = m.credits(say(balance.available));
  const grants = balance.grants.filter(({ remaining }) => remaining > 0);
  return (
    <Menu label={m.balance_label({ credits: words })} shown={<span className="balance">{words}</span>}>
      <dl className="facts">
        <dt>{m.balance_available()}</dt>
        <dd>{words}</dd>
        <dt>{m.balance_held()}</dt>
        <dd>{m.credits(say(balance.held))}</dd>
        {balance.debt > 0 && (
          <>
            <dt>{m.balance_debt()}</dt>
            <dd>{m.credits(say(balance.debt))}</dd>
          </>
        )}
      </dl>
      {grants.length > 0 && (
        <ul className="grants" aria-label={m.balance_grants()}>
          {grants.map((grant) => (
            <li key={grant.id}>
              <span>{m.credits(say(grant.remaining))}</span>
              <span className="label">
                {grant.expiresAt
                  ? m.balance_until({ date: formatDay(locale(), new Date(grant.expiresAt)) })
                  : m.balance_forever()}
              </span>
            </li>
          ))}
        </ul>
      )}
      <a href={pageIn(locale(), "credits")}>{m.books_link()}</a>
    </Menu>
  );
}
