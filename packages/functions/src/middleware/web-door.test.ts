import { Refusal } from "@imgpilot/core/errors";
import { describe, expect, test, vi } from "vitest";
import { askOf, SITE } from "./route.fixture.ts";
import { webDoor } from "./web-door.ts";

// What these tests break on purpose is nobody's news. That it is told is tested in problem.test.ts.
vi.hoisted(() => vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT"));

/** What the door behind the site was asked, by what it answers. */
const echo = webDoor(
  () => SITE,
  async (request, ip) =>
    Response.json({
      ip,
      url: request.url,
      method: request.method,
      headers: Object.fromEntries(request.headers),
      text: await request.text(),
    }),
);

describe("a request", () => {
  test("is the site's, whatever host API Gateway was called by, with its query, headers and cookies", async () => {
    const { body } = await askOf(echo, {
      path: "/api/auth/confirm",
      query: { token: "a b" },
      headers: { Host: "attacker.example", "X-Forwarded-For": "203.0.113.9, 64.252.0.1", Accept: "*/*" },
      cookies: ["a=1", "b=2"],
    });
    expect(body).toMatchObject({
      url: `${SITE}/api/auth/confirm?token=a+b`,
      method: "GET",
      ip: "203.0.113.9",
      text: "",
    });
    expect(body.headers).toMatchObject({ accept: "*/*", cookie: "a=1; b=2" });
  });

  test.each([
    ["as text", '{"a":"é"}', false],
    ["in base64", Buffer.from('{"a":"é"}').toString("base64"), true],
  ])("has its body, which API Gateway hands over %s", async (_, body, isBase64Encoded) => {
    const door = webDoor(
      () => SITE,
      async (request) => Response.json(await request.json()),
    );
    const answer = await askOf((event, context) => door({ ...event, isBase64Encoded }, context), {
      method: "POST",
      path: "/api/auth/code",
      body,
    });
    expect(answer.body).toEqual({ a: "é" });
  });

  test("with a header that nobody can read is answered all the same", async () => {
    const answer = await askOf(echo, { path: "/api/auth/code", headers: { "User-Agent": "雪" } });
    expect(answer.status).toBe(200);
  });
});

describe("an answer", () => {
  test("keeps its cookies apart, each whole, and is not kept by anybody unless it says so", async () => {
    const headers = new Headers({ location: "/studio", "content-type": "text/html" });
    headers.append("set-cookie", "a=1; Expires=Thu, 01 Jan 2026 00:00:00 GMT");
    headers.append("set-cookie", "b=2; HttpOnly");
    const answer = await askOf(
      webDoor(
        () => SITE,
        async () => new Response(null, { status: 303, headers }),
      ),
      { path: "/api/auth/confirm" },
    );
    expect(answer).toEqual({
      status: 303,
      headers: { location: "/studio", "content-type": "text/html", "cache-control": "no-store" },
      cookies: ["a=1; Expires=Thu, 01 Jan 2026 00:00:00 GMT", "b=2; HttpOnly"],
      body: "",
    });
    const kept = webDoor(
      () => SITE,
      async () => new Response("x", { headers: { "cache-control": "max-age=9" } }),
    );
    expect((await askOf(kept, { path: "/" })).headers).toMatchObject({ "cache-control": "max-age=9" });
  });

  test.each<[string, unknown, number, string]>([
    ["a refusal that is thrown", new Refusal("age.unconfirmed"), 403, "age.unconfirmed"],
    ["a bug", new TypeError("x is not a function"), 500, "internal"],
  ])("to %s is a problem, as any route's is", async (_, error, status, code) => {
    const door = webDoor(
      () => SITE,
      () => Promise.reject(error),
    );
    const answer = await askOf(door, { path: "/api/auth/code" });
    expect(answer).toMatchObject({ status, body: { status, code } });
    expect(answer.headers).toMatchObject({ "content-type": "application/problem+json" });
    expect(JSON.stringify(answer)).not.toContain("x is not a function");
  });
});
