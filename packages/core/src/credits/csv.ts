const COLUMNS = [
  "id",
  "at",
  "kind",
  "amount",
  "from",
  "to",
  "grant",
  "hold",
  "actor",
  "meta",
  "chain",
] as const;
/** What spreadsheets take for a formula when a cell begins with it; they run those (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/** Lines of a journal as RFC 4180, for spreadsheets: the first part of a download has a head, so that parts can be joined. */
export function csvOf(lines: readonly string[], isFirst: boolean): string {
  const rows = lines.map((line) => {
    const row: Record<string, unknown> = JSON.parse(line);
    return COLUMNS.map((column) => cell(row[column]));
  });
  return [...(isFirst ? [COLUMNS] : []), ...rows].map((row) => `${row.join(",")}\r\n`).join("");
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
