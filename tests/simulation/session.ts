import { connect } from "@imgpilot/core/db";
import { refused, statement } from "./gate.ts";
import { current, type Lambda } from "./lambda.ts";

type Pool = ReturnType<typeof connect>;
type Client = Pool["$client"];
type Statement = { readonly text: string; readonly parameters: never[] };

/** Prepared, unlike in production, which halves the time that a schedule takes. */
const PREPARED = { prepare: true };

/** Where functions look for `now()` and the rest, in this order. */
export const SEARCH_PATH = "virtual, pg_catalog, public";

/** One connection, which is told what time it is whenever that has changed. */
class Session {
  readonly db: Pool;
  readonly unsafe: Client["unsafe"];
  pending = 0;
  #told = Number.NaN;

  constructor(url: string) {
    this.db = connect(url, { max: 1, connection: { search_path: SEARCH_PATH } });
    this.unsafe = this.db.$client.unsafe.bind(this.db.$client);
  }

  async run({ text, parameters }: Statement, now: number, asValues: boolean) {
    const isTold = this.#told === now;
    this.#told = now;
    this.pending++;
    try {
      const time = isTold
        ? null
        : this.unsafe("select set_config('virtual.now', $1, false)", [`${now}`], PREPARED);
      const query = this.unsafe(text, parameters, PREPARED);
      // Both are on their way before either is answered.
      const [, rows] = await Promise.all([time, asValues ? query.values() : query]);
      return rows;
    } finally {
      this.pending--;
    }
  }
}

/**
 * The database as the Lambdas reach it, at the time that `now` says, in seconds since 1970. Each statement that a Lambda
 * sends passes its gate, where it may fail, be lost, or find the Lambda dead. Two that are sent at once are carried out at
 * once.
 */
export class Sessions {
  readonly db: Pool;
  readonly #sessions: readonly [Session, Session];
  readonly #now: (lambda: Lambda | undefined) => number;

  constructor(url: string, now: (lambda: Lambda | undefined) => number) {
    this.#sessions = [new Session(url), new Session(url)];
    this.#now = now;
    this.db = this.#sessions[0].db;
    this.db.$client.unsafe = ((text: string, parameters: never[]) =>
      this.#send({ text, parameters })) as Client["unsafe"];
  }

  async close(): Promise<void> {
    await Promise.all(this.#sessions.map(({ db }) => db.$client.end()));
  }

  /** A statement that is sent when it is awaited, as the driver does. */
  #send(sent: Statement) {
    const lambda = current();
    const pass = (asValues: boolean) =>
      lambda ? this.#throughGate(sent, lambda, asValues) : this.#run(sent, lambda, asValues);
    return new Proxy(Promise.resolve(), {
      get: (_, key) => {
        if (key === "values") return () => pass(true);
        if (key === "then")
          return (...then: Parameters<Promise<unknown>["then"]>) => pass(false).then(...then);
        throw new Error(`a query is asked for ${String(key)}`);
      },
    });
  }

  #run(sent: Statement, lambda: Lambda | undefined, asValues: boolean) {
    const [first, second] = this.#sessions;
    return (first.pending > 0 ? second : first).run(sent, this.#now(lambda), asValues);
  }

  #throughGate(sent: Statement, lambda: Lambda, asValues: boolean) {
    const { gate } = lambda;
    const operation = statement(sent.text);
    return gate.pass(lambda, operation, async () => {
      if (gate.clock.now < gate.databaseIsDownUntil) throw refused();
      const rows = await this.#run(sent, lambda, asValues);
      if (operation.hasEffect) {
        const answer = Object.values(rows[0] ?? {})[0];
        gate.answered.push({ verb: operation.name, parameters: sent.parameters, answer });
      }
      return rows;
    });
  }
}
