/** A message as the files keep it: plain text, or variants by plural. */
type Message = string | readonly [{ declarations?: readonly string[]; match: Record<string, string> }];
export type Strings = Readonly<Record<string, Message>>;

const texts = (message: Message): string[] =>
  typeof message === "string" ? [message] : Object.values(message[0].match);

/** What a caller must hand in: names in braces that no declaration of the message makes itself. */
function inputs(message: Message): string {
  const declared = typeof message === "string" ? [] : (message[0].declarations ?? []);
  const locals = declared.flatMap((line) => /^local (\w+)/.exec(line)?.[1] ?? []);
  const asked = declared.flatMap((line) => /^input (\w+)/.exec(line)?.[1] ?? []);
  const used = texts(message).flatMap((text) =>
    [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ""),
  );
  return [...new Set([...asked, ...used.filter((name) => !locals.includes(name))])].sort().join(", ");
}

function compare(key: string, model: Message, message: Message | undefined): string | null {
  if (message === undefined) return `"${key}" is missing`;
  if (texts(message).some((text) => text.trim() === "")) return `"${key}" is empty`;
  if (inputs(message) !== inputs(model))
    return `"${key}" takes (${inputs(message)}), English takes (${inputs(model)})`;
  return null;
}

/** Plural variants must cover every category of the language, or a number would print the message's key. */
function uncovered(locale: string, key: string, message: Message): string[] {
  if (typeof message === "string") return [];
  const covered = Object.keys(message[0].match).map((condition) => condition.split("=")[1]);
  if (covered.includes("*")) return [];
  const categories = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
  return categories
    .filter((one) => !covered.includes(one))
    .map((one) => `"${key}" has no variant for "${one}"`);
}

/**
 * Everything that is wrong with the strings, one sentence each. English is the model that the others are held against;
 * `used` are the keys that the source asks for.
 */
export function findProblems(files: Readonly<Record<string, Strings>>, used: ReadonlySet<string>): string[] {
  const model = files.en ?? {};
  const problems: string[] = [];
  for (const [locale, strings] of Object.entries(files)) {
    const say = (problem: string) => problems.push(`messages/${locale}.json: ${problem}`);
    for (const [key, message] of Object.entries(model)) {
      const problem = compare(key, message, strings[key]);
      if (problem) say(problem);
    }
    for (const [key, message] of Object.entries(strings)) {
      if (!(key in model)) say(`"${key}" is not in English`);
      for (const problem of uncovered(locale, key, message)) say(problem);
    }
  }
  for (const key of used)
    if (!(key in model)) problems.push(`the source asks for m.${key}, which does not exist`);
  for (const key of Object.keys(model)) if (!used.has(key)) problems.push(`nothing uses "${key}"`);
  return problems;
}
