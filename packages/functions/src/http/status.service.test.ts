import { createRedisLimits } from "@imgpilot/adapters/redis-limits";
import { MODELS } from "@imgpilot/contract/catalogue";
import { Status } from "@imgpilot/contract/status";
import { connect } from "@imgpilot/core/db";
import { aDelivery, aRunAtWork } from "@imgpilot/testkit/books";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import { freshServices } from "@imgpilot/testkit/services";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { askOf, contextWith, SITE } from "../middleware/route.fixture.ts";
import { status } from "./status.ts";

vi.hoisted(() => vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT"));

const database = freshDatabase();
const started = freshServices();
let limits: ReturnType<typeof createRedisLimits>;
beforeAll(() => {
  limits = createRedisLimits({ url: started.redisUrl });
});
afterAll(() => limits.close());
afterEach(() => void vi.useRealTimers());

const ask = (handler: ReturnType<typeof status>) => askOf(handler, { path: "/api/status" });
const handlerOn = (db: Parameters<typeof contextWith>[0]) =>
  status({ context: async () => contextWith(db), limits, siteUrl: () => SITE });

test("200: every model's condition, for anybody, to be kept for a minute", async () => {
  const { runId } = await aRunAtWork(database.db);
  await aDelivery(database.db, runId);
  const answer = await ask(handlerOn(database.db));
  expect(answer).toMatchObject({ status: 200, headers: { "cache-control": "public, max-age=60" } });
  const told = Status.parse(answer.body);
  expect(told.models.map(({ id }) => id)).toEqual(MODELS.map(({ id }) => id));
  const [google] = told.models.find(({ id }) => id === "nano-banana-2.1")?.providers ?? [];
  expect(google).toMatchObject({ provider: "google", condition: "unknown", lastHour: { delivered: 1 } });
  expect(JSON.stringify(answer.body)).not.toMatch(/cost|spend|micros|credits|test-model/i);
});

test("the attempts are read once a minute, however many ask", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  const handler = handlerOn(database.db);
  const { body: first } = await ask(handler);
  vi.advanceTimersByTime(59_000);
  expect((await ask(handler)).body.asOf).toBe(first.asOf);
  vi.advanceTimersByTime(2_000);
  expect((await ask(handler)).body.asOf).not.toBe(first.asOf);
});

test("503 without a database is not kept: the next to ask is answered", async () => {
  let db = connect("postgres://nobody:x@127.0.0.1:1/none", { max: 1 });
  const handler = status({ context: async () => contextWith(db), limits, siteUrl: () => SITE });
  expect((await ask(handler)).status).toBe(503);
  db = database.db;
  expect((await ask(handler)).status).toBe(200);
});
