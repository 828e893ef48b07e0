/** One scripted behaviour, as the next calls will meet it. Parameters it does not take have been refused. */
export type Behaviour = {
  readonly name: string;
  /** How many calls it is for. */
  readonly times: number | "always";
  /** Only calls that are like this; others pass it by. */
  readonly match: { readonly promptIncludes?: string; readonly model?: string; readonly seed?: number };
  readonly seconds?: number;
  readonly retryAfterSeconds?: number;
  readonly reason?: string;
  readonly polls?: number;
  readonly status?: string;
  readonly url?: string;
};

/** What a script may hold: a name, or an object with the name and what its behaviour takes. */
export type Scripted = string | (Pick<Behaviour, "name"> & Partial<Omit<Behaviour, "name">>);

const PARAMETERS = {
  seconds: "number",
  retryAfterSeconds: "number",
  reason: "string",
  polls: "number",
  status: "string",
  url: "string",
} as const;
export type Parameter = keyof typeof PARAMETERS;

/** The behaviours of a provider by name, with the parameters that each takes. */
export type Repertoire = Readonly<Record<string, readonly Parameter[]>>;

export const OK: Behaviour = { name: "ok", times: 1, match: {} };

/** A script that names something we cannot do. The message says what, and is for the one who wrote it. */
export class BadScript extends Error {
  override readonly name = "script.invalid";
}

/** @throws {BadScript} */
export function parseScript(script: unknown, repertoire: Repertoire): Behaviour[] {
  if (!Array.isArray(script)) throw new BadScript("A script is a JSON list of behaviours");
  return script.map((item, i) => parseBehaviour(item, repertoire, `Item ${i}`));
}

function parseBehaviour(item: unknown, repertoire: Repertoire, where: string): Behaviour {
  const {
    name,
    times = 1,
    match = {},
    ...parameters
  } = typeof item === "string" ? { name: item } : record(item, where);
  const takes = typeof name === "string" && Object.hasOwn(repertoire, name) ? repertoire[name] : undefined;
  if (typeof name !== "string" || !takes)
    throw new BadScript(
      `${where}: no behaviour ${JSON.stringify(name)}; known: ${Object.keys(repertoire).join(", ")}`,
    );
  if (times !== "always" && !(Number.isSafeInteger(times) && (times as number) > 0))
    throw new BadScript(`${where} (${name}): times must be a whole number above 0, or "always"`);
  for (const [key, value] of Object.entries(parameters))
    if (!takes.some((parameter) => parameter === key) || !isA(value, PARAMETERS[key as Parameter]))
      throw new BadScript(`${where} (${name}): ${key} is not taken as ${JSON.stringify(value)}`);
  return { name, times: times as Behaviour["times"], match: parseMatch(match, name, where), ...parameters };
}

const MATCHES = { promptIncludes: "string", model: "string", seed: "number" } as const;

function parseMatch(match: unknown, name: string, where: string): Behaviour["match"] {
  const wanted = record(match, where);
  for (const [key, value] of Object.entries(wanted))
    if (!Object.hasOwn(MATCHES, key) || !isA(value, MATCHES[key as keyof typeof MATCHES]))
      throw new BadScript(`${where} (${name}): match by ${Object.keys(MATCHES).join(", ")}`);
  if (name === "reset-before" && Object.keys(wanted).length > 0)
    throw new BadScript(`${where} (${name}): a call whose body is not read cannot be matched`);
  return wanted;
}

function record(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new BadScript(`${where}: expected a name or an object`);
}

const isA = (value: unknown, type: "number" | "string") =>
  typeof value === type && (typeof value !== "number" || (Number.isFinite(value) && value >= 0));

/** What a behaviour can be matched with. */
export type Asked = { readonly prompt: string; readonly model: string; readonly seed: number | undefined };

/** The behaviours that are still to come; each is consumed by the first call that it matches. */
export class Script {
  #waiting: Behaviour[] = [];

  get waiting(): readonly Behaviour[] {
    return this.#waiting;
  }

  replace(behaviours: readonly Behaviour[]): void {
    this.#waiting = [...behaviours];
  }

  /** The behaviour for this call; `ok` when none is waiting for it. */
  take(asked: Asked): Behaviour {
    return this.#takeAt(this.#waiting.findIndex(({ match }) => isLike(asked, match))) ?? OK;
  }

  /** Whether this call is to be cut off before its body is read: that one must be at the head. */
  takeUnread(): Behaviour | undefined {
    return this.#waiting[0]?.name === "reset-before" ? this.#takeAt(0) : undefined;
  }

  #takeAt(at: number): Behaviour | undefined {
    const behaviour = this.#waiting[at];
    if (!behaviour || behaviour.times === "always") return behaviour;
    const rest = behaviour.times > 1 ? [{ ...behaviour, times: behaviour.times - 1 }] : [];
    this.#waiting.splice(at, 1, ...rest);
    return behaviour;
  }
}

const isLike = (asked: Asked, { promptIncludes, model, seed }: Behaviour["match"]) =>
  (promptIncludes === undefined || asked.prompt.includes(promptIncludes)) &&
  (model === undefined || asked.model === model) &&
  (seed === undefined || asked.seed === seed);
