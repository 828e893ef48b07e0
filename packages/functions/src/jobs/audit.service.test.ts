import { anAccount, aRunAtWork } from "@imgpilot/testkit/books";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { contextWith, LAMBDA } from "../middleware/route.fixture.ts";
import { audit } from "./audit.ts";

vi.hoisted(() => vi.stubEnv("POWERTOOLS_LOG_LEVEL", "INFO"));

/** Guards that operators hear of books that do not balance, by ids alone, and that silence means that somebody looked. */
const database = freshDatabase();

let lines: Record<string, unknown>[];
beforeEach(() => {
  lines = [];
  const hear = (line: unknown) => lines.push(JSON.parse(String(line))) > 0;
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, "write").mockImplementation(hear);
  vi.spyOn(console, "log").mockImplementation(hear);
});
afterEach(() => void vi.restoreAllMocks());

const run = (context = async () => contextWith(database.db)) => audit(context, () => "test")({}, LAMBDA);
const told = (message: string) => lines.filter((line) => line.message === message);

/** As CloudWatch reads it out of a line: namespace, dimension, value. */
const metrics = () =>
  lines
    .filter((line) => line._aws)
    .map((line) => {
      const { CloudWatchMetrics } = line._aws as {
        CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[];
      };
      const [{ Namespace, Dimensions, Metrics } = { Namespace: "", Dimensions: [], Metrics: [] }] =
        CloudWatchMetrics;
      const dimensions = Object.fromEntries(
        Dimensions.flat().map((dimension) => [dimension, line[dimension]]),
      );
      return {
        Namespace,
        dimensions,
        values: Object.fromEntries(Metrics.map(({ Name }) => [Name, line[Name]])),
      };
    });
const metric = (findings: number) => ({
  Namespace: "ImgPilot",
  dimensions: { stage: "test" },
  values: { AuditFindings: findings },
});

test("L2 L3: an audit says that it looked, and which invariants are broken and where, by ids alone", async () => {
  await aRunAtWork(database.db);
  const [accountId, other] = [await anAccount(database.db, 10), await anAccount(database.db, 10)];
  expect(await run()).toEqual({ findings: 0 });
  expect(metrics()).toEqual([metric(0)]);
  expect(told("audit.finding")).toEqual([]);

  const grants = await database.owner`select id from credit_grant where account_id = ${other}`;
  const rows = await database.owner`select id::text from credit_transfer where account_id = ${accountId}`;
  await database.owner.begin(async (sql) => {
    await sql`alter table credit_transfer disable trigger user`;
    await sql`alter table credit_grant disable trigger user`;
    await sql`update credit_transfer set meta = '{"said": "hunter2"}' where account_id = ${accountId}`;
    await sql`update credit_grant set remaining = 9, consumed = 1 where account_id = ${other}`;
  });
  lines = [];
  expect(await run()).toEqual({ findings: 2 });
  expect(metrics()).toEqual([metric(2)]);
  expect(told("audit.finding")).toEqual([
    expect.objectContaining({ level: "ERROR", invariant: "L2", count: 1, subjects: [grants[0]?.id] }),
    expect.objectContaining({ level: "ERROR", invariant: "L3", count: 1, subjects: [rows[0]?.id] }),
  ]);
  expect(JSON.stringify(lines)).not.toMatch(/hunter2|"remaining"/);
});

test("an audit that could not look fails, and says nothing of the books", async () => {
  const away = () => Promise.reject(new Error("the database is away"));
  await expect(run(away)).rejects.toThrow("away");
  expect(told("job.failed")).toHaveLength(1);
  expect(metrics()).toEqual([]);
});
