import type { TestDatabase } from "@imgpilot/testkit/postgres";
import type { Db } from "../db/index.ts";
import type { CreditsModel, Step } from "./credits.model.ts";
import { type Claim, Credits } from "./index.ts";
import { ledgerOf } from "./ledger.fixture.ts";

const REFUSALS = /\bL(5|12|20)\b/;

const parts = (claim: Claim | null) =>
  claim ? [claim.unspent, claim.held, claim.expired, claim.owed].join() : "nothing";

type OfPayment = Extract<Step, { ref: string; event: string }>;
function claimed(db: Db, { op, ref, amount, event }: OfPayment, mine: (id: string) => string) {
  const payment = { source: "model", sourceRef: mine(ref), eventId: mine(event) };
  if (op === "clawback") return Credits.clawback(db, { ...payment, cumulative: amount });
  if (op === "unspent") return Credits.refundUnspent(db, { ...payment, limit: amount });
  return Credits.reinstate(db, { claimId: mine(ref), limit: amount, eventId: mine(event) });
}

const lotsOf = (owner: TestDatabase["owner"], accountId: string) => owner<{ id: string; debt: number }[]>`
  select g.id, a.debt::int, remaining::int, held::int, consumed::int, expired::int, revoked::int,
    revoke_pending::int as pending
  from credit_account a join credit_grant g using (account_id)
  join credit_transfer t on t.grant_id = g.id and t.kind = 'grant'
  where a.account_id = ${accountId} order by t.id`;

/** Plays the model's steps to Postgres, in one account's name, and answers in the model's words. */
export function playedBy(database: TestDatabase, accountId: string) {
  const { settle, endGrant } = ledgerOf(database);
  const { db, owner } = database;
  const mine = (id: string) => `${accountId}-${id}`;
  const lots = () => lotsOf(owner, accountId);

  async function does(step: Step): Promise<string> {
    if (step.op === "grant") {
      const { ref, amount, category, priority, seconds } = step;
      const what = { source: "model", sourceRef: mine(ref), amount, category, priority };
      const { created } = await Credits.grant(db, { accountId, ...what, validSeconds: seconds });
      return created ? "granted" : "known";
    }
    if (step.op === "reserve")
      return Credits.reserve(db, {
        holdId: mine(step.hold),
        accountId,
        amount: step.amount,
        requestHash: "same",
      });
    if (step.op === "settle") return settle(mine(step.hold), accountId, step.amount);
    if (step.op === "adjust") {
      const why = { actor: "test", reason: "model", eventId: mine(step.event) };
      return String(await Credits.adjust(db, { accountId, amount: step.amount, ...why }));
    }
    if (step.op === "end") await endGrant((await lots())[step.nth]?.id ?? "");
    else if (step.op === "expire") await owner`select credit_expire(${accountId})`;
    else return parts(await claimed(db, step, mine));
    return "done";
  }

  const play = (step: Step): Promise<string> =>
    does(step).catch((error: Error) => {
      if (REFUSALS.test(`${error.message} ${error.cause}`)) return "refused";
      throw error;
    });

  /** All that there is, as `shown` says it of a model. */
  async function shows() {
    const rows = await lots();
    return {
      debt: rows[0]?.debt ?? 0,
      lots: rows.map(({ id: _, debt: __, ...buckets }) => ({ ...buckets })),
    };
  }
  return { play, shows };
}

/** What a model has, as Postgres shows it. */
export const shown = (model: CreditsModel) => ({
  debt: model.debt,
  lots: model.lots.map(({ remaining, held, consumed, expired, revoked, pending }) => ({
    remaining,
    held,
    consumed,
    expired,
    revoked,
    pending,
  })),
});
