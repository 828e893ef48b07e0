import type { PlantedBug } from "./bug.ts";

const MIGRATIONS = "packages/core/migrations";
const CREDITS = "packages/core/src/credits";
const TABLES = `${MIGRATIONS}/0001_credits.sql`;
const VERBS = `${MIGRATIONS}/0002_credit_verbs.sql`;
const CLAIMS = `${MIGRATIONS}/0010_claims.sql`;
const ADJUSTMENTS = `${MIGRATIONS}/0011_adjustments.sql`;

const QUEUE = `${MIGRATIONS}/0012_queue.sql`;
const AGAIN = `${MIGRATIONS}/0013_run_again.sql`;

const QUEUED = ["packages/core/src/runs/queue.service.test.ts"] as const;
const RUN_AGAIN = ["packages/core/src/runs/again.service.test.ts"] as const;
const EXAMPLES = [`${CREDITS}/credits.service.test.ts`] as const;
const MODEL = [`${CREDITS}/credits.model.service.test.ts`] as const;
const JOURNAL = [`${CREDITS}/journal.service.test.ts`] as const;
const WRONG_INPUT = [`${CREDITS}/faults.service.test.ts`] as const;
const CLAIMED = [`${CREDITS}/claims.service.test.ts`] as const;

/** Rules taken out of the ledger's tables and verbs. */
export const LEDGER_BUGS: readonly PlantedBug[] = [
  {
    name: "a grant's buckets need not add up",
    breaks: ["L1"],
    file: TABLES,
    from: 'constraint "L1" check (amount = remaining + held + consumed + expired + revoked)',
    to: 'constraint "L1" check (amount >= 0)',
    tests: JOURNAL,
  },
  {
    name: "what is committed leaves the held bucket twice",
    breaks: ["L2", "L1"],
    file: TABLES,
    from: "held = held + credit_delta(new, 'held'),",
    to: "held = held + 2 * credit_delta(new, 'held'),",
    tests: EXAMPLES,
  },
  {
    name: "the journal can be rewritten",
    breaks: ["L3"],
    file: TABLES,
    from: "create trigger credit_transfer_append_only before update or delete on credit_transfer",
    to: "create trigger credit_transfer_append_only before delete on credit_transfer",
    tests: JOURNAL,
  },
  {
    name: "a resolved hold is resolved again",
    breaks: ["L4", "L16"],
    file: VERBS,
    from: "elsif hold.state <> 'held' then\n    return hold;",
    to: "elsif false then\n    return hold;",
    tests: MODEL,
  },
  {
    name: "an id reused for something else is taken for a repetition",
    breaks: ["L5"],
    file: VERBS,
    from: "is distinct from (p_amount, p_hash, p_grant) then 'conflict'",
    to: "is distinct from (p_amount, p_hash, p_grant) then known.state",
    tests: EXAMPLES,
  },
  {
    name: "a denial is forgotten",
    breaks: ["L6"],
    file: VERBS,
    from: "values (p_hold, p_account, p_amount, 'denied', p_hash, p_grant, moment, 'reserve');",
    to: "select p_hold, p_account, p_amount, 'denied', p_hash, p_grant, moment, 'reserve' where false;",
    tests: EXAMPLES,
  },
  {
    name: "reserving looks at the balance without the account's lock",
    breaks: ["L7"],
    file: VERBS,
    from: "  owner := credit_lock(p_account);\n  select * into known from credit_hold where id = p_hold for update;",
    to: "  select * into owner from credit_account where account_id = p_account;\n  select * into known from credit_hold where id = p_hold for update;",
    tests: [...EXAMPLES, ...MODEL],
  },
  {
    name: "credits that were paid for are spent before those that were given",
    breaks: ["L8"],
    file: VERBS,
    from: "order by priority, expires_at, (category = 'paid'), effective_at, id",
    to: "order by priority, expires_at, (category = 'promo'), effective_at, id",
    tests: [...EXAMPLES, ...MODEL],
  },
  {
    name: "expired credits can be spent until the job has come by",
    breaks: ["L9"],
    file: VERBS,
    from: "effective_at <= p_moment and expires_at > p_moment",
    to: "effective_at <= p_moment",
    tests: [...EXAMPLES, ...MODEL],
  },
  {
    name: "credits go back to the grant that would be spent first",
    breaks: ["L10"],
    file: VERBS,
    from: "perform credit_transfer_add(hold.account_id, p_grant, hold.id, 'refund', 'held', 'remaining', p_back);",
    to: "perform credit_transfer_add(hold.account_id, (select id from credit_usable(hold.account_id, null, p_moment) limit 1), hold.id, 'refund', 'held', 'remaining', p_back);",
    tests: [...EXAMPLES, ...MODEL],
  },
  {
    name: "what returns after its grant has expired is lost",
    breaks: ["L11"],
    file: VERBS,
    from: "p_cause || ' ' || lot.id, 'promo', p_amount, lot.priority, interval '7 days', p_actor,",
    to: "p_cause || ' ' || lot.id, 'promo', 1, lot.priority, interval '7 days', p_actor,",
    tests: [...EXAMPLES, ...MODEL],
  },
  {
    name: "what is charged is taken of the last lines",
    breaks: ["L12"],
    file: VERBS,
    from: "kind = 'reserve' order by id loop",
    to: "kind = 'reserve' order by id desc loop",
    tests: [...EXAMPLES, ...MODEL],
  },
  {
    name: "a commit asks for the balance again",
    breaks: ["L13"],
    file: VERBS,
    from: "elsif p_charge not between 0 and hold.amount then",
    to: "elsif p_charge > (select coalesce(sum(remaining), 0) from credit_usable(p_account, null, moment)) then",
    tests: EXAMPLES,
  },
  {
    name: "what is owed can be spent",
    breaks: ["L18"],
    file: VERBS,
    from: "if usable - (case when p_grant is null then owner.debt else 0 end) < p_amount then",
    to: "if usable < p_amount then",
    tests: [...EXAMPLES, ...CLAIMED],
  },
  {
    name: "a purchase pays no debt",
    breaks: ["L18"],
    file: VERBS,
    from: "  perform credit_pay_debt(p_account, p_grant, p_amount);\n",
    to: "",
    tests: [...CLAIMED, ...MODEL],
  },
  {
    name: "a second partial refund claws the first back again",
    breaks: ["L19"],
    file: CLAIMS,
    from: "due := greatest(least(p_cumulative, lot.amount) - credit_claimed(lot.id), 0);",
    to: "due := greatest(least(p_cumulative, lot.amount), 0);",
    tests: [...CLAIMED, ...MODEL],
  },
  {
    name: "the same occasion for another amount is accepted in silence",
    breaks: ["L20"],
    file: VERBS,
    from: "if found and (known.account_id, known.amount) <> (p_account, p_amount) then",
    to: "if found and known.account_id <> p_account then",
    tests: WRONG_INPUT,
  },
  {
    name: "an adjustment may go without a reason",
    breaks: ["L24"],
    file: TABLES,
    from: "constraint \"L24\" check (kind <> 'adjust' or (actor <> '' and reason <> '') is true)",
    to: "constraint \"L24\" check (kind <> 'adjust' or actor <> '')",
    tests: [`${CREDITS}/adjustments.service.test.ts`],
  },
  {
    name: "a delivered run is made good as often as somebody asks",
    breaks: ["L17"],
    file: ADJUSTMENTS,
    from: "hold.account_id, 'make-good', p_hold, 'promo',",
    to: "hold.account_id, 'make-good', p_hold || clock_timestamp(), 'promo',",
    tests: [`${CREDITS}/adjustments.service.test.ts`],
  },
  {
    name: "the application may write the journal by itself",
    breaks: ["L24", "L3"],
    file: TABLES,
    from: "grant select on credit_account, credit_grant, credit_hold, credit_claim, credit_transfer to imgpilot_app;",
    to: "grant select, insert, update, delete on credit_account, credit_grant, credit_hold, credit_claim, credit_transfer to imgpilot_app;",
    tests: JOURNAL,
  },
  {
    name: "credits beyond what a number can hold are rounded",
    breaks: ["L23"],
    file: "packages/core/src/db/verb.ts",
    from: "if (value === null || value === undefined || !Number.isSafeInteger(number))",
    to: "if (value === null || value === undefined)",
    tests: WRONG_INPUT,
  },
  {
    name: "a run that has ended keeps its place in the queue",
    breaks: ["L21"],
    file: QUEUE,
    from: "where r.account_id = w.account_id and r.settled_at is null and r.dispatched_at is not null) busy",
    to: "where r.account_id = w.account_id and r.dispatched_at is not null) busy",
    tests: QUEUED,
  },
  {
    name: "an account has more at work than its plan allows",
    breaks: ["L21"],
    file: QUEUE,
    from: "limit least(greatest((p.plan ->> 'concurrency')::int - busy.running, 0), p_limit)",
    to: "limit p_limit",
    tests: QUEUED,
  },
  {
    name: "an operator's run is paid by the person when it begins",
    breaks: ["L5"],
    file: AGAIN,
    from: ",\n      (select grant_id from credit_hold where id = p_run)) <> 'held' then",
    to: ") <> 'held' then",
    tests: RUN_AGAIN,
  },
  {
    name: "one image is drawn by two runs at once",
    breaks: ["W1"],
    file: AGAIN,
    from: "and settled_at is null and images && p_images)",
    to: "and false)",
    tests: RUN_AGAIN,
  },
  {
    name: "settling locks the hold before the account",
    breaks: ["L22"],
    file: VERBS,
    from: "  perform credit_lock(p_account);\n  select * into hold from credit_hold where id = p_hold for update;\n  moment := clock_timestamp();",
    to: "  select * into hold from credit_hold where id = p_hold for update;\n  perform pg_sleep(0.002), credit_lock(p_account);\n  moment := clock_timestamp();",
    tests: [...EXAMPLES, ...WRONG_INPUT],
  },
];
