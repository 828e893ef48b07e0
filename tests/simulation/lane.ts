import type { Context } from "@imgpilot/core/context";
import { connect } from "@imgpilot/core/db";
import { ObjectDeletions } from "@imgpilot/core/images";
import { freshDatabase, type TestDatabase } from "@imgpilot/testkit/postgres";
import postgres from "postgres";
import { afterAll, beforeAll } from "vitest";
import type { Finding } from "./books.ts";
import { refused, statement } from "./gate.ts";
import { current, type Lambda } from "./lambda.ts";
import { MemoryObjects } from "./objects.ts";

/**
 * A database whose time is the simulation's. The schema is the deployed one, to the letter: its functions find
 * `now()` and `clock_timestamp()` in a schema that is searched before pg_catalog. Nothing is shifted or rewritten, so
 * whatever reads the time reads virtual time.
 */
const VIRTUAL_TIME = `
  create schema if not exists virtual;
  create table if not exists virtual.clock (at timestamptz not null);
  insert into virtual.clock select '2026-01-01Z' where not exists (select from virtual.clock);
  create or replace function virtual.now() returns timestamptz language sql stable as 'select at from virtual.clock';
  create or replace function virtual.clock_timestamp() returns timestamptz language sql stable
    as 'select at from virtual.clock';
  grant usage on schema virtual to public;
  grant select on virtual.clock to public;
  grant execute on all functions in schema virtual to public;
  do $$
  declare
    it record;
  begin
    for it in select oid::regprocedure as name from pg_proc
      where pronamespace = 'public'::regnamespace and prosrc ~ '\\m(now|clock_timestamp)\\(\\)'
    loop
      execute format('alter function %s set search_path = virtual, pg_catalog, public, pg_temp', it.name);
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

/** Where schedules are played, one after the other: a database and an object store. */
export class Lane {
  readonly db: Pool;
  readonly owner: postgres.Sql;
  readonly objects = new MemoryObjects();
  /** Schedules begun; ids are made of it. */
  played = 0;
  #start = Date.UTC(2026, 0, 1) / 1_000;
  #at = 0;

  constructor(database: TestDatabase) {
    this.db = throughGates(database.url, (seconds) => this.moveTo(seconds));
    this.owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} });
  }

  async close(): Promise<void> {
    await Promise.all([this.db.$client.end(), this.owner.end()]);
  }

  async open(): Promise<void> {
    await this.owner.unsafe(VIRTUAL_TIME);
  }

  /** The time in the database: so many seconds into the schedule. */
  async moveTo(seconds: number): Promise<void> {
    if (seconds === this.#at) return;
    this.#at = seconds;
    await this.owner`update virtual.clock set at = to_timestamp(${this.#start + seconds})`;
  }

  /** The next schedule begins a day after the last. */
  async nextDay(): Promise<void> {
    this.#start += this.#at + DAY_SECONDS;
    this.#at = -1;
    await this.moveTo(0);
  }

  /** The job that removes objects. */
  async removeDue(): Promise<void> {
    const ctx = { db: this.db, objects: this.objects, report: () => {} } as unknown as Context;
    while ((await ObjectDeletions.removeDue(ctx)).removed > 0);
  }

  /** Two hours later, all that was queued for removal is removed: what is wrong with the objects that are left? */
  async objectsInTheEnd(): Promise<Finding[]> {
    await this.moveTo(this.#at + 7_200);
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

  /** Changes one place in a function of the schema, or in a trigger's; answers how to undo it. */
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

type Pool = ReturnType<typeof connect>;
type Query = ReturnType<Pool["$client"]["unsafe"]>;
type Statement = { readonly text: string; readonly parameters: never[]; readonly send: () => Query };

/** Each statement that a Lambda sends passes its gate, where it may fail, be lost, or find the Lambda dead. */
function throughGates(url: string, moveTo: (seconds: number) => Promise<void>): Pool {
  const db = connect(url, { max: 2, connection: { search_path: "virtual, pg_catalog, public" } });
  const client = db.$client;
  const unsafe = client.unsafe.bind(client);
  client.unsafe = ((text: string, parameters: never[]) => {
    // Prepared, unlike in production, which halves the time that a schedule takes.
    const send = () => unsafe(text, parameters, { prepare: true });
    const lambda = current();
    return lambda ? gated({ text, parameters, send }, lambda, moveTo) : send();
  }) as typeof client.unsafe;
  return db;
}

/** A statement that passes the gate when it is awaited, which is when the driver would have sent it. */
function gated(
  { text, parameters, send }: Statement,
  lambda: Lambda,
  moveTo: (seconds: number) => Promise<void>,
) {
  const { gate } = lambda;
  const operation = statement(text);
  const act = async (asValues: boolean) => {
    if (gate.clock.now < gate.databaseIsDownUntil) throw refused();
    await moveTo(gate.clock.now);
    const rows = await (asValues ? send().values() : send());
    if (operation.hasEffect)
      gate.answered.push({ verb: operation.name, parameters, answer: Object.values(rows[0] ?? {})[0] });
    return rows;
  };
  const pass = (asValues = false) => gate.pass(lambda, operation, () => act(asValues));
  return new Proxy(Promise.resolve(), {
    get: (_, key) => {
      if (key === "values") return () => pass(true);
      if (key === "then") return (...then: Parameters<Promise<unknown>["then"]>) => pass().then(...then);
      throw new Error(`a query is asked for ${String(key)}`);
    },
  });
}
