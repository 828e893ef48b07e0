import { randomUUID } from "node:crypto";
import { aGrant } from "@imgpilot/testkit/books";
import type { TestDatabase } from "@imgpilot/testkit/postgres";
import { Credits } from "./index.ts";

/** What only the owner of the schema may do to holds and grants, for tests that need one to be as it is later. */
export function ledgerOf(database: TestDatabase) {
  /** What run_settle does with a hold, alone. */
  const settle = async (holdId: string, accountId: string, charge: number, unused = "refunded") => {
    const [row] = await database.owner`
      select (credit_settle(${holdId}, ${accountId}, ${charge}, ${unused}, 'test')).state as state`;
    return String(row?.state);
  };

  /** Moves a grant's time back, which no verb can: it was valid, and is over. */
  const endGrant = (grantId: string) =>
    database.owner`update credit_grant set expires_at = clock_timestamp() - interval '1 second' where id = ${grantId}`;

  const buckets = async (grantId: string) => {
    const [row] = await database.owner`
      select remaining::int, held::int, consumed::int, expired::int, revoked::int from credit_grant
      where id = ${grantId}`;
    return { ...row };
  };

  /** Credits that were paid for. */
  const aPayment = async (accountId: string, amount: number, facts: object = {}) => {
    const payment = { source: "stripe", sourceRef: `pi_${randomUUID()}` };
    const grantId = await aGrant(database.db, accountId, { ...payment, category: "paid", amount, ...facts });
    return { ...payment, grantId };
  };

  /** Uses credits of one grant, or only holds them. */
  const hold = async (accountId: string, grantId: string, amount: number) => {
    const holdId = `hold-${randomUUID()}`;
    await Credits.reserve(database.db, { holdId, accountId, amount, requestHash: "same", grantId });
    return holdId;
  };
  const use = async (accountId: string, grantId: string, amount: number) => {
    await settle(await hold(accountId, grantId, amount), accountId, amount);
  };

  /** Makes an account owe: it used what it then got its money back for. */
  const owe = async (accountId: string, amount: number) => {
    const { grantId, ...payment } = await aPayment(accountId, amount);
    await use(accountId, grantId, amount);
    await Credits.clawback(database.db, { ...payment, cumulative: amount, eventId: `evt_${randomUUID()}` });
  };

  return { settle, endGrant, buckets, aPayment, hold, use, owe };
}
