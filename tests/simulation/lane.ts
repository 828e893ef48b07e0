import type { Context } from "@imgpilot/core/context";
import { ObjectDeletions } from "@imgpilot/core/images";
import { freshDatabase, type TestDatabase } from "@imgpilot/testkit/postgres";
import postgres from "postgres";
import { afterAll, beforeAll } from "vitest";
import type { Finding } from "./books.ts";
import { MemoryObjects } from "./objects.ts";
import { SEARCH_PATH, Sessions } from "./session.ts";

/**
 * A database whose time is the simulation's. The schema is the deployed one, to the letter: its functions find
 * `now()` and `clock_timestamp()` in a schema that is searched before pg_catalog. Nothing is shifted or rewritten, so
 * whatever reads the time reads virtual time.
 */
const VIRTUAL_TIME = `
  create schema virtual;
  create function virtual.now() returns timestamptz language sql stable
    as $$ select to_timestamp(current_setting('virtual.now')::float8) $$;
  create function virtual.clock_timestamp() returns timestamptz language sql stable
    as $$ select to_timestamp(current_setting('virtual.now')::float8) $$;
  grant usage on schema virtual to public;
  grant execute on all functions in schema virtual to public;
  do $$
  declare
    it record;
  begin
    for it in select oid::regprocedure as name from pg_proc
      where pronamespace = 'public'::regnamespace and prosrc ~ '\\m(now|clock_timestamp)\\(\\)'
    loop
      execute format('alter function %s set search_path = ${SEARCH_PATH}, pg_temp', it.name);
    end loop;
    for it in select attrelid::regclass as name, attname from pg_attrdef
      join pg_attribute on attrelid = adrelid and attnum = adnum join pg_class c on c.oid = adrelid
      where relnamespace = 'public'::regnamespace and pg_get_expr(adbin, adrelid) ~ '^(now|clock_timestamp)\\(\\)$'
    loop
      execute format('alter table %s alter column %I set default virtual.clock_timestamp()', it.name, it.attname);
    end loop;
  end $$;
  alter table credit_transfer disable trigger credit_transfer_no_truncate;`;

const DAY_SECONDS = 86_400;
/** Of each account: a hold of more than three credits spans both. */
const LOTS = [3, 40];
const ACCOUNTS_AT_ONCE = 20;

/** Where schedules are played, one after the other: a database and an object store. */
export class Lane {
  readonly owner: postgres.Sql;
  readonly objects = new MemoryObjects();
  readonly #sessions: Sessions;
  playedSinceWipe = 0;
  #accounts: string[] = [];
  #opened = 0;
  /** When the schedule began, in seconds since 1970, and for how long it has been going on. */
  #start = Date.UTC(2026, 0, 1) / 1_000;
  #elapsed = 0;

  constructor(database: TestDatabase) {
    this.owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
    this.#sessions = new Sessions(database.url, (lambda) => {
      if (lambda) this.#elapsed = lambda.gate.clock.now;
      return this.#start + this.#elapsed;
    });
  }

  get db() {
    return this.#sessions.db;
  }

  async open(): Promise<void> {
    await this.owner.unsafe(VIRTUAL_TIME);
  }

  async close(): Promise<void> {
    await Promise.all([this.#sessions.close(), this.owner.end()]);
  }

  /** So many seconds into the schedule. */
  moveTo(seconds: number): void {
    this.#elapsed = seconds;
  }

  /** The next schedule begins a day after the last. */
  nextDay(): void {
    this.#start += this.#elapsed + DAY_SECONDS;
    this.#elapsed = 0;
    this.playedSinceWipe++;
  }

  /** An account with two lots of credits, for one schedule. */
  async account(): Promise<string> {
    const ready = this.#accounts.pop();
    if (ready) return ready;
    const ids = Array.from(
      { length: ACCOUNTS_AT_ONCE },
      () => `acc_${String(++this.#opened).padStart(26, "0")}`,
    );
    const { $client } = this.db;
    await $client.unsafe("select credit_open(id) from unnest($1::text[]) id", [ids]);
    await $client.unsafe(
      `select credit_grant_add('grt_' || id || n, id, 'simulation', id || n, 'promo', credits)
      from unnest($1::text[]) id cross join unnest($2::bigint[]) with ordinality lots (credits, n)`,
      [ids, LOTS],
    );
    this.#accounts = ids;
    return this.account();
  }

  /** The job that removes objects. */
  async removeDue(): Promise<void> {
    const ctx = { db: this.db, objects: this.objects, report: () => {} } as unknown as Context;
    while ((await ObjectDeletions.removeDue(ctx)).removed > 0);
  }

  /** Two hours later, all that was queued for removal is removed: what is wrong with the objects that are left? */
  async objectsInTheEnd(): Promise<Finding[]> {
    this.#elapsed += 7_200;
    await this.removeDue();
    const rows = await this.owner<{ keys: string[] }[]>`
      select array[original_key, w320_key, w1024_key] as keys from generation_image`;
    const kept = new Set(rows.flatMap(({ keys }) => keys));
    const strays = this.objects.keys().filter((key) => !kept.has(key));
    const missing = [...kept].filter((key) => !this.objects.bytes(key));
    return [
      ...strays.map((subject) => ({ invariant: "R6", subject, detail: "is left, and nobody recorded it" })),
      ...missing.map((subject) => ({
        invariant: "W2",
        subject,
        detail: "was removed, though it is recorded",
      })),
    ];
  }

  /** Changes one place in a function of the schema; answers how to undo it. */
  async mutate(name: string, from: string, to: string): Promise<() => Promise<void>> {
    const [row] = await this.owner<{ text: string }[]>`select pg_get_functiondef(${name}::regproc) as text`;
    const text = row?.text ?? "";
    if (text.split(from).length !== 2) throw new Error(`${name} does not say once: ${from}`);
    await this.owner.unsafe(text.replace(from, () => to));
    return async () => {
      await this.owner.unsafe(text);
    };
  }

  /** Forgets all that was played. */
  async wipe(): Promise<void> {
    await this
      .owner`truncate credit_account, credit_grant, credit_hold, credit_transfer, generation, generation_image,
      generation_reference, idempotency_key, run, run_attempt, upload, object_deletion cascade`;
    this.objects.clear();
    this.playedSinceWipe = 0;
    this.#accounts = [];
  }
}

/** Lanes for one test file. Call it at the top of the file; they are there once tests run. */
export function freshLanes(count: number): readonly Lane[] {
  const databases = Array.from({ length: count }, () => freshDatabase({ connections: 1 }));
  const lanes: Lane[] = [];
  beforeAll(async () => {
    for (const database of databases) lanes.push(new Lane(database));
    await Promise.all(lanes.map((lane) => lane.open()));
  });
  afterAll(() => Promise.all(lanes.splice(0).map((lane) => lane.close())));
  return lanes;
}
