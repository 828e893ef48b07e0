import { LocalCloudError } from "../errors.ts";

/** When a schedule fires next, after a time. Null: never again. */
export type NextFire = (after: Date) => Date | null;

const UNITS_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
const MINUTE_MS = UNITS_MS.minute;
const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/**
 * Reads `rate(5 minutes)` and `cron(0 3 * * ? *)` as EventBridge does, in UTC.
 * @throws LocalCloudError on anything else, `L`, `W` and `#` among it
 */
export function parseSchedule(rule: string, expression: string): NextFire {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate && Number(rate[1]) > 0) {
    const everyMs = Number(rate[1]) * UNITS_MS[rate[2] as keyof typeof UNITS_MS];
    return (after) => new Date(after.getTime() + everyMs);
  }
  const fields = /^cron\((.+)\)$/.exec(expression)?.[1]?.split(/\s+/);
  if (fields?.length === 6) return cron(rule, expression, fields);
  throw new LocalCloudError(`Rule ${rule} has the schedule ${expression}, which cannot be read.`);
}

function cron(rule: string, expression: string, fields: string[]): NextFire {
  const parse = (index: number, min: number, max: number, names: string[] = [], first = 0) => {
    const set = parseField(fields[index] ?? "", min, max, names, first);
    if (!set) throw new LocalCloudError(`Rule ${rule} has the schedule ${expression}, which cannot be read.`);
    return set;
  };
  const minutes = parse(0, 0, 59);
  const hours = parse(1, 0, 23);
  const daysOfMonth = parse(2, 1, 31);
  const months = parse(3, 1, 12, MONTHS, 1);
  const daysOfWeek = parse(4, 1, 7, DAYS, 1);
  const years = parse(5, 1970, 2199);
  const isDay = (day: Date) =>
    months.has(day.getUTCMonth() + 1) &&
    daysOfMonth.has(day.getUTCDate()) &&
    daysOfWeek.has(day.getUTCDay() + 1);
  return (after) => {
    let at = new Date((Math.floor(after.getTime() / MINUTE_MS) + 1) * MINUTE_MS);
    const lastYear = Math.max(...years);
    while (at.getUTCFullYear() <= lastYear) {
      if (!years.has(at.getUTCFullYear()) || !isDay(at)) at = nextMidnight(at);
      else if (!hours.has(at.getUTCHours())) at = nextHour(at);
      else if (!minutes.has(at.getUTCMinutes())) at = new Date(at.getTime() + MINUTE_MS);
      else return at;
    }
    return null;
  };
}

/** `*`, `?`, `5`, `MON`, `1-5`, `1,3`, `0/15`, `*` + `/10`; null where it is none of these. */
function parseField(
  text: string,
  min: number,
  max: number,
  names: string[],
  first: number,
): Set<number> | null {
  const values = new Set<number>();
  const number = (word: string) => {
    const named = names.indexOf(word.toUpperCase());
    return named >= 0 ? named + first : /^\d+$/.test(word) ? Number(word) : Number.NaN;
  };
  for (const part of text.split(",")) {
    const [range = "", step = "1"] = part.split("/");
    const [from = "", to] = range.split("-");
    const isAny = range === "*" || range === "?";
    const low = isAny ? min : number(from);
    const high = isAny || (to === undefined && part.includes("/")) ? max : number(to ?? from);
    const isSound = low >= min && high <= max && low <= high && Number(step) >= 1;
    if (!isSound) return null;
    for (let value = low; value <= high; value += Number(step)) values.add(value);
  }
  return values;
}

const nextHour = (at: Date) => new Date((Math.floor(at.getTime() / UNITS_MS.hour) + 1) * UNITS_MS.hour);
const nextMidnight = (at: Date) => new Date((Math.floor(at.getTime() / UNITS_MS.day) + 1) * UNITS_MS.day);
