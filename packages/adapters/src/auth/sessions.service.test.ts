import { connect } from "@imgpilot/core/db";
import { describe, expect, test } from "vitest";
import { handleAuth } from "../auth.ts";
import { codeOf, cookieOf, SITE, signInFixture, somebody, tokenOf, withBearer } from "./auth.fixture.ts";
import { sessionOf } from "./session.ts";

const { database, ask, post, press, read, request, build, auth } = signInFixture();

const signedIn = async () => {
  const email = somebody();
  return { email, answer: await post("/confirm", { token: (await request(email)).token }) };
};

describe("a session", () => {
  test("cookie and bearer token both work, until sign-out ends both", async () => {
    const { email, answer } = await signedIn();
    const [cookie, bearer] = [new Headers({ cookie: cookieOf(answer) }), withBearer(tokenOf(answer))];
    for (const headers of [cookie, bearer]) {
      expect(await sessionOf(auth(), headers)).toMatchObject({ email });
      expect(await (await ask("/get-session", { headers })).json()).toMatchObject({ user: { email } });
    }
    const signOut = await ask("/sign-out", { method: "POST", headers: bearer });
    expect(signOut.status).toBe(200);
    for (const headers of [cookie, bearer]) expect(await sessionOf(auth(), headers)).toBe("expired");
  });

  test("a browser signs out from our own site alone", async () => {
    const { answer } = await signedIn();
    const cookie = cookieOf(answer);
    const from = (origin: Record<string, string>) =>
      ask("/sign-out", { method: "POST", headers: { cookie, ...origin } });
    for (const origin of [{ origin: "https://evil.example" }, { origin: "null" }, {}] as Record<
      string,
      string
    >[]) {
      const refused = await from(origin);
      expect(refused.headers.get("content-type")).toBe("application/problem+json");
      expect(await codeOf(refused)).toEqual([403, "origin.refused"]);
    }
    const ours = await from({ origin: SITE });
    expect([ours.status, ours.headers.getSetCookie().join()]).toEqual([
      200,
      expect.stringMatching(/Max-Age=0/),
    ]);
    expect(await sessionOf(auth(), new Headers({ cookie }))).toBe("expired");
  });

  test("no session is missing; one that is over, forged, or taken from the database is expired", async () => {
    const { email, answer } = await signedIn();
    expect(await sessionOf(auth(), new Headers())).toBe("missing");
    expect(await sessionOf(auth(), new Headers({ cookie: "theme=dark", authorization: "Basic x" }))).toBe(
      "missing",
    );
    const [row] = await database.owner`
      select token from auth_session join auth_user on auth_user.id = user_id where email = ${email}`;
    for (const forged of [row?.token, "x", `${row?.token}.AAAA`, `${tokenOf(answer).slice(0, -4)}AAAA`]) {
      expect(await sessionOf(auth(), withBearer(forged))).toBe("expired");
    }
    await database.owner`update auth_session set expires_at = now() - interval '1 second' where token = ${row?.token}`;
    expect(await sessionOf(auth(), withBearer(tokenOf(answer)))).toBe("expired");
  });

  test("one that is used lives on: asked for when a day old, its cookie is renewed for thirty days", async () => {
    const { email, answer } = await signedIn();
    const cookie = cookieOf(answer);
    const renewed = async () => (await ask("/get-session", { headers: { cookie } })).headers.getSetCookie();
    expect(await renewed()).toEqual([]);
    await database.owner`
      update auth_session set expires_at = now() + interval '28 days'
      from auth_user where auth_user.id = user_id and email = ${email}`;
    expect(await renewed()).toEqual([expect.stringMatching(/^imgpilot\.session_token=.+Max-Age=2592000/)]);
  });

  test("promise A3: the cookie is out of reach of scripts and other sites, and Secure where the site is", async () => {
    const { answer } = await signedIn();
    expect(answer.headers.getSetCookie()).toHaveLength(1);
    expect(answer.headers.getSetCookie()[0]).toMatch(
      /^imgpilot\.session_token=.+; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const siteUrl = "https://imgpilot.example";
    const secure = build({ siteUrl });
    const email = somebody();
    await request(email);
    const { token } = await read(email);
    const init = {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token }),
    };
    const signed = await handleAuth(secure, new Request(`${siteUrl}/api/auth/confirm`, init));
    expect(signed.headers.getSetCookie()[0]).toMatch(/^__Secure-imgpilot\.session_token=.+; Secure/);
    expect(await sessionOf(secure, new Headers({ cookie: cookieOf(signed) }))).toMatchObject({ email });
  });
});

/**
 * What is thrown is answered by `functions`, which knows a part that is down by the error's own code
 * (`middleware/unavailable.ts`) and logs it: so nothing may be wrapped around it, a query's parameters least of all.
 */
describe("a database that is down", () => {
  const blind = () => build({ db: connect("postgres://nobody:x@127.0.0.1:1/none", { max: 1 }) });
  const down = async (asked: Promise<unknown>) => {
    const fault: Error & { code?: string } = await asked.then(
      () => new Error("answered"),
      (error: Error) => error,
    );
    expect(fault).toMatchObject({ code: "ECONNREFUSED", message: "connect ECONNREFUSED 127.0.0.1:1" });
    expect(fault.cause).toBeUndefined();
  };

  test("is told as such, not as a session that expired", async () => {
    const { answer } = await signedIn();
    await down(sessionOf(blind(), withBearer(tokenOf(answer))));
  });

  const json = { "content-type": "application/json" };
  const token = "a".repeat(43);
  test.each<[string, string, RequestInit]>([
    ["the button", "/confirm", { method: "POST", headers: json, body: JSON.stringify({ token }) }],
    ["the button's form", "/confirm", { method: "POST", body: new URLSearchParams({ token }) }],
    ["the link", `/confirm?token=${token}`, {}],
    [
      "the code",
      "/code",
      { method: "POST", headers: json, body: JSON.stringify({ email: somebody(), code: "123456" }) },
    ],
    [
      "asking for a mail",
      "/sign-in/magic-link",
      { method: "POST", headers: json, body: JSON.stringify({ email: somebody() }) },
    ],
  ])("is told as such by %s, and not as a bad link", async (_, path, init) => {
    await down(handleAuth(blind(), new Request(`${SITE}/api/auth${path}`, init)));
  });

  test("is told as such by the session's own doors: nobody is signed out who was not", async () => {
    const { email, answer } = await signedIn();
    const headers = withBearer(tokenOf(answer));
    await down(handleAuth(blind(), new Request(`${SITE}/api/auth/get-session`, { headers })));
    await down(handleAuth(blind(), new Request(`${SITE}/api/auth/sign-out`, { method: "POST", headers })));
    expect(await sessionOf(auth(), headers)).toMatchObject({ email });
  });
});

test("another site's press is told on a page of ours that says what to do", async () => {
  const { token } = await request(somebody());
  const refused = await press({ token }, { origin: "https://evil.example" });
  expect(refused.status).toBe(403);
  expect(await refused.text()).toContain("Open the link once more");
});
