import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { connect, ping } from "@imgpilot/core/db";
import { reserveAndCommit } from "../../../packages/core/src/credits/pair.fixture.ts";
import type { Books } from "./books.ts";
import { type Load, pgbench } from "./pgbench.ts";

/** Who makes pairs of reserve and commit: one row an account, the ledger's functions, those without chain, our code. */
export const CONTENDERS = ["floor", "functions", "unchained", "node"] as const;
export type Contender = (typeof CONTENDERS)[number];

/** Pairs a second that were made under a load. */
export type Runner = (load: Load) => Promise<number>;

const START = `\\set i :i + 1
\\set n random(1, :accounts)`;

const FLOOR = `${START}
with taken as (
  update floor_account set available = available - 1, held = held + 1
  where account_id = 'acc_' || :n and available >= 1 returning account_id
)
insert into floor_hold select :tag || '-' || :client_id || '-' || :i, account_id, 1, 'held' from taken;
with ended as (
  update floor_hold set state = 'committed'
  where id = :tag || '-' || :client_id || '-' || :i and state = 'held' returning account_id, amount
)
update floor_account a set held = held - amount, spent = spent + amount from ended where a.account_id = ended.account_id;
`;

const FUNCTIONS = `${START}
select credit_reserve(:tag || '-' || :client_id || '-' || :i, 'acc_' || :n, 1, 'same', null) as state;
select (credit_settle(:tag || '-' || :client_id || '-' || :i, 'acc_' || :n, 1, 'refunded', 'CommitCredits')).state;
`;

export function runners(books: Books, program: string, folder: string): Record<Contender, Runner> {
  mkdirSync(folder, { recursive: true });
  const script = (name: string, text: string) => {
    const file = path.join(folder, `${name}.pgbench.sql`);
    writeFileSync(file, text);
    return file;
  };
  const floor = script("floor", FLOOR);
  const functions = script("functions", FUNCTIONS);
  return {
    floor: (load) => pgbench(program, books.url, floor, load),
    functions: (load) => pgbench(program, books.url, functions, load),
    unchained: (load) => pgbench(program, books.unchainedUrl, functions, load),
    node: (load) => node(books.url, load),
  };
}

/** One Node process, and as many connections as clients, each of which waits for its answer before it asks again. */
async function node(url: string, { accounts, clients, seconds, tag }: Load): Promise<number> {
  const db = connect(url, { max: clients });
  try {
    await Promise.all(Array.from({ length: clients }, () => ping(db)));
    const start = performance.now();
    const end = start + seconds * 1_000;
    let pairs = 0;
    const client = async (_: unknown, id: number) => {
      for (let i = 0; performance.now() < end; i++) {
        const accountId = `acc_${1 + Math.floor(Math.random() * accounts)}`;
        const hold = { holdId: `${tag}-${id}-${i}`, accountId, amount: 1, requestHash: "same" };
        const state = await reserveAndCommit(db, hold);
        if (state !== "committed") throw new Error(`hold ${hold.holdId} is ${state}`);
        pairs++;
      }
    };
    await Promise.all(Array.from({ length: clients }, client));
    return (pairs * 1_000) / (performance.now() - start);
  } finally {
    await db.$client.end();
  }
}
