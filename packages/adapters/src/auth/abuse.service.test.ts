import { describe, expect, test } from "vitest";
import { handleAuth } from "../auth.ts";
import { codeOf, SITE, signInFixture, somebody } from "./auth.fixture.ts";

const { ask, post, read, request, build } = signInFixture();

describe("bad input", () => {
  const paths = [
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "evil",
    "",
    "/a\nb",
    "http:evil.example",
    "/\u2028/evil",
  ];
  test.each(paths)("no open redirect: callbackURL %j is refused", async (callbackURL) => {
    const email = somebody();
    expect(await codeOf(await post("/sign-in/magic-link", { email, callbackURL }))).toEqual([
      400,
      "request.invalid",
    ]);
    expect((await read(email)).mail).toBeNull();
  });

  test.each([
    ["/sign-in/magic-link", { email: "nobody" }],
    ["/sign-in/magic-link", { email: "a@b.example\nbcc: c@d.example" }],
    ["/sign-in/magic-link", { email: "\u0430nn@example.com" }],
    ["/sign-in/magic-link", { email: ["a@example.com"] }],
    ["/sign-in/magic-link", { email: "a@example.com", admin: true }],
    ["/sign-in/magic-link", { email: "a@example.com", ageConfirmed: "yes" }],
    ["/sign-in/magic-link", null],
    ["/confirm", { token: "short" }],
    ["/confirm", {}],
    ["/code", { email: "a@example.com", code: 123456 }],
    ["/code", { email: "a@example.com", code: "12345" }],
  ])("400: %s %j", async (path, body) => {
    const answer = await post(path, body);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(await codeOf(answer)).toEqual([400, "request.invalid"]);
  });

  test("what is no JSON, too large, of another type, or at an address without a door is refused as such", async () => {
    const raw = (body: string, type = "application/json") =>
      ask("/code", { method: "POST", headers: { "content-type": type }, body });
    expect(await codeOf(await raw("{"))).toEqual([400, "request.malformed"]);
    expect(await codeOf(await raw(`"${"x".repeat(20_000)}"`))).toEqual([413, "request.too_large"]);
    expect(await codeOf(await raw("{}", "text/plain"))).toEqual([415, "request.unsupported"]);
    expect(await codeOf(await ask("/code"))).toEqual([405, "method.refused"]);
    for (const path of [
      "",
      "/",
      "/magic-link/verify?token=x",
      "/sign-up/email",
      "/update-user",
      "/error",
      "/ok",
      "/toString",
    ]) {
      expect(await codeOf(await ask(path))).toEqual([404, "route.missing"]);
    }
  });

  test("a mail provider that is down answers 503, and the next try is as good as the first", async () => {
    const email = somebody();
    const init = {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email }),
    };
    const mute = build({ resendUrl: "http://127.0.0.1:1" });
    const down = await handleAuth(mute, new Request(`${SITE}/api/auth/sign-in/magic-link`, init));
    expect(await codeOf(down)).toEqual([503, "service.unavailable"]);
    const { code } = await request(email);
    expect((await post("/code", { email, code })).status).toBe(200);
  });

  test("mails to one address, codes for it and tries of one caller are limited, and say when to come back", async () => {
    const email = somebody();
    const statuses = await Promise.all(
      Array.from({ length: 12 }, () => post("/sign-in/magic-link", { email })),
    );
    const limited = statuses.filter(({ status }) => status === 429);
    expect(limited).toHaveLength(2);
    expect(Number(limited[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
    const guesses = await Promise.all(
      Array.from({ length: 55 }, () => post("/code", { email, code: "000000" })),
    );
    expect(guesses.filter(({ status }) => status === 429)).toHaveLength(5);
    const caller = await Promise.all(
      Array.from({ length: 65 }, () =>
        post("/confirm", { token: "a".repeat(43) }, {}, `203.0.113.${process.pid}`),
      ),
    );
    expect(caller.filter(({ status }) => status === 429)).toHaveLength(5);
  });
});
