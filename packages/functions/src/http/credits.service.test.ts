import { createRedisLimits } from "@imgpilot/adapters/redis-limits";
import { downloadEntries } from "@imgpilot/contract/client";
import { Statement } from "@imgpilot/contract/credits";
import { verifyJournal } from "@imgpilot/contract/verifier";
import { Accounts } from "@imgpilot/core/accounts";
import { Credits } from "@imgpilot/core/credits";
import { aGrant, aRunAtWork, expectBalancedBooks } from "@imgpilot/testkit/books";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import { freshServices } from "@imgpilot/testkit/services";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { askOf, contextWith, SITE } from "../middleware/route.fixture.ts";
import { credits } from "./credits.ts";

vi.hoisted(() => vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT"));

/** Guards that a person gets their own books, whole and as they were written, in whatever form they ask for. */
const database = freshDatabase();
const started = freshServices();
afterEach(() => expectBalancedBooks(database.db));

let limits: ReturnType<typeof createRedisLimits>;
beforeAll(() => {
  limits = createRedisLimits({ url: started.redisUrl });
});
afterAll(() => limits.close());

const door = () =>
  credits({
    context: async () => contextWith(database.db),
    limits,
    siteUrl: () => SITE,
    signedIn: async (headers) => {
      const token = headers.get("authorization")?.replace("Bearer ", "");
      return token ? { userId: token } : "missing";
    },
  });
const entries = (who: string, query: Record<string, string> = {}) =>
  askOf(door(), { path: "/api/credits/entries", query, headers: { authorization: `Bearer ${who}` } });

let people = 0;
/** Somebody whose account has had a grant, a run, a promise of support and a row that nobody could love. */
async function somebody() {
  const who = `person-${++people}`;
  const accountId = await Accounts.ofUser(database.db, who);
  await aGrant(database.db, accountId, { amount: 10 });
  const { generationId } = await aRunAtWork(database.db, { accountId });
  const because = {
    actor: "operator",
    reason: '=HYPERLINK("http://evil.example","say \\"hi\\"") \u{1f98a}\nnext',
  };
  await Credits.adjust(database.db, { accountId, amount: 3, eventId: `${who}-gave`, ...because });
  await Credits.adjust(database.db, {
    accountId,
    amount: -1,
    eventId: `${who}-took`,
    actor: "@cmd",
    reason: "x",
  });
  return { who, accountId, generationId };
}

/** The parts of a download as a client gets them that follows `Link`. */
async function follow(who: string, query: Record<string, string>) {
  const parts = [];
  for (let next: Record<string, string> | null = query; next; ) {
    const answer = await entries(who, next);
    expect(answer.status).toBe(200);
    parts.push(answer);
    const [, address] = /^<([^>]+)>; rel="next"$/.exec(String(answer.headers.link ?? "")) ?? [];
    next = address ? Object.fromEntries(new URL(address, SITE).searchParams) : null;
  }
  return parts;
}

describe("jsonl", () => {
  test("L2 L3: the download, in parts of any size, is the text that the verifier takes, and no other account's", async () => {
    const [{ who, accountId }, other] = [await somebody(), await somebody()];
    const whole = await entries(who, { format: "jsonl" });
    expect(whole.headers).toMatchObject({
      "content-type": "application/jsonl; charset=utf-8",
      "content-disposition": 'attachment; filename="imgpilot-credits.jsonl"',
      "cache-control": "no-store",
    });
    const { available, held, debt } = await Credits.balance(database.db, accountId);
    const balance = { remaining: available, held, debt };
    expect(await verifyJournal(String(whole.body))).toMatchObject({ ok: true, balance });
    const parts = await follow(who, { format: "jsonl", limit: "2" });
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.map(({ body }) => body).join("")).toBe(whole.body);
    expect(whole.body).not.toContain(other.accountId);
  });

  test("a download is cut where one answer of a Lambda would be full, and goes on from there", async () => {
    const { who, accountId } = await somebody();
    const reason = '"'.repeat(450_000);
    for (const eventId of [1, 2, 3].map((n) => `${who}-${n}`))
      await Credits.adjust(database.db, { accountId, amount: 1, eventId, actor: "operator", reason });
    for (const format of ["jsonl", "csv"]) {
      const parts = await follow(who, { format });
      expect(parts).toHaveLength(2);
      for (const { body } of parts) expect(JSON.stringify(body).length).toBeLessThan(6_000_000);
    }
  });
});

test("csv: one table of all parts, in which no cell is a formula", async () => {
  const { who } = await somebody();
  const whole = await entries(who, { format: "csv" });
  expect(whole.headers).toMatchObject({
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": 'attachment; filename="imgpilot-credits.csv"',
  });
  const parts = await follow(who, { format: "csv", limit: "2" });
  expect(parts.map(({ body }) => body).join("")).toBe(whole.body);
  const [head, ...rows] = String(whole.body).trimEnd().split("\r\n");
  expect(head).toBe("id,at,kind,amount,from,to,grant,hold,actor,meta,chain");
  const { body } = await entries(who);
  expect(rows).toHaveLength(body.items.length);
  expect(rows.at(-1)).toContain(`"'@cmd"`);
  for (const cell of rows.join(",").split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/))
    expect(cell).not.toMatch(/^"?[=+\-@\t\r]/);
});

describe("json", () => {
  test("pages, newest first, say what there was after each entry and which generation it was for", async () => {
    const { who, accountId, generationId } = await somebody();
    const { body: page } = await entries(who);
    const { items, nextCursor } = Statement.parse(page);
    expect(nextCursor).toBeNull();
    expect(items.map(({ kind }) => kind)).toEqual(["adjust", "grant", "reserve", "grant", "grant"]);
    const { available, held, debt } = await Credits.balance(database.db, accountId);
    expect(items[0]?.after).toEqual({ remaining: available, held, debt });
    const replayed = [...items].reverse().map((_, n, all) => verifyJournal(text(all.slice(0, n + 1))));
    const balances = (await Promise.all(replayed)).map((verdict) => verdict.ok && verdict.balance);
    expect(items.map(({ after }) => after)).toEqual(balances.reverse());
    expect(items.map(({ generation }) => generation)).toEqual([null, null, generationId, null, null]);

    const pages = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const { body } = await entries(who, { limit: "2", ...(cursor ? { cursor } : {}) });
      pages.push(...body.items);
      cursor = body.nextCursor;
    }
    expect(pages).toEqual(page.items);
  });

  const text = (items: readonly Statement["items"][number][]) =>
    items.map(({ generation: _, after: __, ...line }) => `${JSON.stringify(line)}\n`).join("");
});

test("400, 401: what cannot be asked for is refused, and nobody's books are anybody's", async () => {
  for (const query of [
    { format: "xml" },
    { cursor: "-1" },
    { limit: "0" },
    { limit: "5001" },
    { account: "acc_1" },
  ])
    expect(await entries("ann", query as Record<string, string>)).toMatchObject({
      status: 400,
      body: { code: "request.invalid" },
    });
  for (const format of ["json", "jsonl", "csv"])
    expect(await askOf(door(), { path: "/api/credits/entries", query: { format } })).toMatchObject({
      status: 401,
      body: { code: "session.missing" },
    });
});

test("the typed client joins a download's parts", async () => {
  const { who } = await somebody();
  const asked: string[] = [];
  const send: typeof fetch = async (input) => {
    const { searchParams } = new URL(String(input));
    asked.push(searchParams.toString());
    const answer = await entries(who, { ...Object.fromEntries(searchParams), limit: "2" });
    return new Response(String(answer.body), { headers: answer.headers as Record<string, string> });
  };
  const joined = await downloadEntries({ baseUrl: SITE, token: who, fetch: send }, "jsonl");
  expect(asked.length).toBeGreaterThan(2);
  expect(joined).toBe((await entries(who, { format: "jsonl" })).body);
});
