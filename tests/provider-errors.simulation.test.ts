import type { Provider } from "@imgpilot/contract/catalogue";
import { expectBalancedBooks } from "@imgpilot/testkit/books";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Row, WORDS } from "./providers/row.ts";
import { BFL_ROWS } from "./providers/rows/bfl.ts";
import { FAL_ROWS } from "./providers/rows/fal.ts";
import { GOOGLE_ROWS } from "./providers/rows/google.ts";
import { OPENAI_ROWS } from "./providers/rows/openai.ts";
import { REPLICATE_ROWS } from "./providers/rows/replicate.ts";
import { XAI_ROWS } from "./providers/rows/xai.ts";
import { ASKED, startTable } from "./providers/table.ts";

/**
 * Every answer of every provider: the simulators on the wire, the real adapters, the steps of the workflow and the books.
 * A rate limit is waited for as long as the provider asks, up to a limit above which another one is asked (C3, W4, W6).
 */
const database = freshDatabase();
let table: Awaited<ReturnType<typeof startTable>>;
beforeAll(async () => {
  table = await startTable(database.db);
});
afterAll(async () => {
  await table.close();
  await expectBalancedBooks(database.db);
});

const ROWS: readonly (readonly [Provider, readonly Row[]])[] = [
  ["google", GOOGLE_ROWS],
  ["bfl", BFL_ROWS],
  ["openai", OPENAI_ROWS],
  ["xai", XAI_ROWS],
  ["fal", FAL_ROWS],
  ["replicate", REPLICATE_ROWS],
];
/** Longer than anybody waits for one provider. */
const asksForLong = (behaviour: Row[0]) =>
  typeof behaviour !== "string" && behaviour.retryAfterSeconds !== undefined;

describe.for(ROWS)("%s", ([provider, rows]) => {
  const { down, price } = ASKED[provider];
  test.for(rows)("%j", async ([behaviour, kind, calls, end, says]) => {
    const told = await table.order(provider, behaviour);
    const isDrawn = end !== "not charged";
    const elsewhere = isDrawn && end !== "drawn" ? end : null;
    const own = kind ? Array(calls).fill(kind) : [];
    expect(told.kinds).toEqual([...down.map(() => "auth"), ...own, ...(isDrawn ? ["ok"] : [])]);
    expect(told.calls).toEqual({
      ...Object.fromEntries(down.map((name) => [name, 1])),
      [provider]: calls,
      ...(elsewhere && { [elsewhere]: 1 }),
    });
    expect(told).toMatchObject({ isDrawn, charged: isDrawn ? price : 0, returned: isDrawn ? 0 : price });
    const isForOperators = kind === "auth" || kind === "quota" || kind === "model_gone";
    expect(told.alerts).toBe(down.length + (isForOperators ? calls : 0));
    if (isDrawn) return expect(told.says).toBeNull();
    expect(told.says).toMatch(/^Not charged: /);
    expect(told.says).toContain(says ?? WORDS[kind ?? "timeout"]);
    if (asksForLong(behaviour)) expect(told.way.join()).not.toContain("retry");
  });
});
