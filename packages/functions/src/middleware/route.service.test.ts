import { createAuth, handleAuth } from "@imgpilot/adapters/auth";
import { createRedisLimits } from "@imgpilot/adapters/redis-limits";
import { WELCOME_CREDITS } from "@imgpilot/contract/catalogue";
import { connect } from "@imgpilot/core/db";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import { freshServices } from "@imgpilot/testkit/services";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { catalogue } from "../http/catalogue.ts";
import { credits } from "../http/credits.ts";
import { drafts } from "../http/drafts.ts";
import { generations } from "../http/generations.ts";
import { askOf, contextWith, SITE } from "./route.fixture.ts";
import { noun, type Services } from "./route.ts";
import { webDoor } from "./web-door.ts";

// What these tests break on purpose is nobody's news. That it is told is tested in problem.test.ts.
vi.hoisted(() => vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT"));

/** The middleware around the real nouns, on a real database and a real Redis. */
const database = freshDatabase();
const started = freshServices();

let limits: ReturnType<typeof createRedisLimits>;
beforeAll(() => {
  limits = createRedisLimits({ url: started.redisUrl });
});
afterAll(() => limits.close());

const nobodysDatabase = () => connect("postgres://nobody:x@127.0.0.1:1/none", { max: 1 });

/** Who a bearer token of a test stands for: the person whose name it is. */
const services = (more: Partial<Services> = {}): Services => ({
  context: async () => contextWith(database.db),
  limits,
  siteUrl: () => SITE,
  signedIn: async (headers) => {
    const token = headers.get("authorization")?.replace("Bearer ", "") ?? headers.get("cookie") ?? "";
    return token === "" ? "missing" : token === "old" ? "expired" : { userId: token };
  },
  ...more,
});
const as = (name: string) => ({ authorization: `Bearer ${name}` });
const ORDER = { model: "nano-banana-2.1", prompt: "a red fox in snow", maxCredits: 4 };
const create = (facts: { headers?: Record<string, string>; cookies?: string[]; body?: unknown }) =>
  askOf(generations(services()), {
    method: "POST",
    path: "/api/generations",
    body: ORDER,
    ...facts,
    headers: { "Idempotency-Key": "key-1", ...facts.headers },
  });

describe("200", () => {
  test("a person's first request of all finds them an account, and it is theirs from then on", async () => {
    const mine = () => askOf(credits(services()), { path: "/api/credits", headers: as("ann") });
    const first = await mine();
    expect(first).toMatchObject({ status: 200, body: { available: WELCOME_CREDITS } });
    expect(first.headers).toMatchObject({ "content-type": "application/json", "cache-control": "no-store" });
    expect((await mine()).body).toEqual(first.body);
  });

  test("the address may end in a slash, and header names be written in any way", async () => {
    const { status } = await askOf(credits(services()), {
      path: "/api/credits/",
      headers: { AUTHORIZATION: "ann" },
    });
    expect(status).toBe(200);
  });
});

test("202, 204: a route answers with its own status, and with no body where it has none", async () => {
  const gone = noun(services(), { unshareImage: async () => ({ body: null }) });
  const share = "/api/generations/gen_1/images/0/share";
  const answer = await askOf(gone, { method: "DELETE", path: share, headers: as("ann") });
  expect(answer).toMatchObject({ status: 204, headers: { "cache-control": "no-store" }, body: "" });
});

test("304: what did not change since is not sent again, and what did is", async () => {
  let state = "queued";
  const one = noun(services(), { getGeneration: async () => ({ body: { state } as never }) });
  const get = (tag?: string) =>
    askOf(one, {
      path: "/api/generations/gen_1",
      headers: { ...as("ann"), ...(tag ? { "If-None-Match": tag } : {}) },
    });
  const first = await get();
  const etag = String(first.headers.etag);
  expect(first).toMatchObject({ status: 200, headers: { "cache-control": "private, no-cache" } });
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
    const again = await get(known);
    expect(again).toMatchObject({ status: 304, headers: { etag }, body: "" });
  }
  expect((await get('"other"')).status).toBe(200);
  state = "running";
  expect(await get(etag)).toMatchObject({ status: 200, body: { state: "running" } });
});

describe("400", () => {
  test("an order that is not valid starts nothing, and its key is free for the one that is", async () => {
    const headers = { ...as("bob"), "Idempotency-Key": "bobs" };
    const wrong = await create({ headers, body: { ...ORDER, prompt: "" } });
    expect(wrong).toMatchObject({
      status: 400,
      body: { code: "request.invalid", errors: [{ path: "prompt" }] },
    });
    expect((await create({ headers })).status).toBe(202);
  });

  test("text that no database keeps is the sender's mistake and not ours", async () => {
    for (const [i, prompt] of ["a \0 fox", "half a \ud83e fox", "\udd8a"].entries()) {
      const headers = { ...as("bob"), "Idempotency-Key": `odd-${i}` };
      expect(await create({ headers, body: { ...ORDER, prompt } })).toMatchObject({
        status: 400,
        body: { code: "request.invalid", errors: [{ path: "prompt" }] },
      });
    }
  });
});

describe("401", () => {
  test.each([
    ["nobody", {}, "session.missing"],
    ["a sign-in that is over", as("old"), "session.expired"],
  ])("%s is told to sign in before anything of the request is looked at", async (_, headers, code) => {
    const answer = await create({ headers, body: "not even JSON" });
    expect(answer).toMatchObject({ status: 401, body: { code }, headers: { "www-authenticate": "Bearer" } });
  });

  test("a Lambda that was not given sessions lets nobody in", async () => {
    const { signedIn: _, ...blind } = services();
    const answer = await askOf(credits(blind), { path: "/api/credits", headers: as("ann") });
    expect(answer).toMatchObject({ status: 401, body: { code: "session.missing" } });
  });
});

test("403: another site spends nothing of a visitor's, whose browser sends the cookie along", async () => {
  for (const origin of [{}, { Origin: "https://evil.example" }] as Record<string, string>[]) {
    const answer = await create({ headers: origin, cookies: ["eve"] });
    expect(answer).toMatchObject({ status: 403, body: { code: "origin.refused" } });
  }
  const made = await database.owner`select from account where user_id = 'eve'`;
  expect(made).toHaveLength(0);
});

describe("404", () => {
  test.each(["/", "/api", "/api/nothing", "/api/generations/a/b", "/api/openapi_json", "/api/__proto__"])(
    "there is nothing at %s",
    async (path) => {
      const answer = await askOf(catalogue(services()), { path });
      expect(answer).toMatchObject({ status: 404, body: { code: "route.missing" } });
    },
  );

  test("somebody else's generation is not there", async () => {
    const answer = await askOf(generations(services()), {
      path: "/api/generations/gen_01ARZ3NDEKTSV4RRFFQ69G5FAV",
      headers: as("ann"),
    });
    expect(answer).toMatchObject({ status: 404, body: { code: "generation.missing" } });
  });
});

test.each([
  ["PUT", "/api/models", "GET"],
  ["HEAD", "/api/health", "GET"],
  ["POST", "/api/generations/gen_1", "GET, DELETE"],
  ["PATCH", "/api/generations", "POST, GET"],
])("405: %s %s is not taken, and the answer says what is: %s", async (method, path, allow) => {
  const answer = await askOf(catalogue(services()), { method, path });
  expect(answer).toMatchObject({ status: 405, body: { code: "method.refused" }, headers: { allow } });
});

test("413, 415: a body that is too large or no JSON keeps nothing", async () => {
  const door = drafts(services());
  const post = (body: string, type: string) =>
    askOf(door, { method: "POST", path: "/api/drafts", body, headers: { "Content-Type": type } });
  expect(await post(`"${"x".repeat(1_000_000)}"`, "application/json")).toMatchObject({
    status: 413,
    body: { code: "request.too_large" },
  });
  expect(await post("prompt=fox", "application/x-www-form-urlencoded")).toMatchObject({
    status: 415,
    body: { code: "request.unsupported" },
  });
});

describe("429", () => {
  const draft = (address: string) =>
    askOf(drafts(services()), {
      method: "POST",
      path: "/api/drafts",
      body: { prompt: "a fox" },
      headers: { "X-Forwarded-For": address },
    });

  test("one address that asks too often is told for how long to wait, and no other is held up by it", async () => {
    const answers = await Promise.all(Array.from({ length: 32 }, () => draft("203.0.113.7, 64.252.0.1")));
    const limited = answers.filter(({ status }) => status === 429);
    expect(limited).toHaveLength(2);
    expect(limited[0]?.body).toMatchObject({ code: "rate.limited" });
    expect(Number(limited[0]?.headers["retry-after"])).toBeGreaterThan(0);
    expect((await draft("203.0.113.8, 64.252.0.1")).status).toBe(201);
  });

  test("without Redis requests go on: the caps that money needs are in Postgres", async () => {
    const away = createRedisLimits({ url: "redis://127.0.0.1:1" });
    const answer = await askOf(credits(services({ limits: away })), {
      path: "/api/credits",
      headers: as("ann"),
    });
    expect(answer.status).toBe(200);
    away.close();
  });
});

test("500: a bug says nothing of itself", async () => {
  const broken = noun(services(), { getCredits: () => Promise.reject(new Error("secret: hunter2")) });
  const answer = await askOf(broken, { path: "/api/credits", headers: as("ann") });
  expect(answer).toMatchObject({ status: 500, body: { code: "internal" } });
  expect(JSON.stringify(answer)).not.toContain("hunter2");
});

describe("503", () => {
  const isDown = ({ status, headers, body }: Awaited<ReturnType<typeof askOf>>) => {
    expect([status, body.code]).toEqual([503, "service.unavailable"]);
    expect(Number(headers["retry-after"])).toBeGreaterThan(0);
  };

  test("a route whose database is down says so, and when to come back", async () => {
    const db = nobodysDatabase();
    const down = services({ context: async () => contextWith(db) });
    isDown(await askOf(credits(down), { path: "/api/credits", headers: as("ann") }));
    await db.$client.end();
  });

  test("so does signing in, which is neither a bug of ours then nor a link that is used up", async () => {
    const db = nobodysDatabase();
    const parts = { mailer: { send: async () => {} }, onUserCreated: async () => {}, limits };
    const auth = createAuth({ db, secret: "s".repeat(32), siteUrl: SITE, ...parts });
    const door = webDoor(
      () => SITE,
      (request, ip) => handleAuth(auth, request, { ip }),
    );
    const token = "a".repeat(43);
    const email = "ann@example.com";
    for (const ask of [
      { method: "POST", path: "/api/auth/sign-in/magic-link", body: { email } },
      { method: "POST", path: "/api/auth/confirm", body: { token } },
      { method: "POST", path: "/api/auth/code", body: { email, code: "123456" } },
      { path: "/api/auth/confirm", query: { token } },
    ])
      isDown(await askOf(door, ask));
    await db.$client.end();
  });

  test("health tells which part is down, in the same shape as when all is well", async () => {
    const answer = await askOf(catalogue(services()), { path: "/api/health" });
    expect(answer).toMatchObject({
      status: 503,
      body: {
        status: "degraded",
        checks: { database: "up", cache: "up", objects: "down", workflow: "down" },
      },
    });
  });
});
