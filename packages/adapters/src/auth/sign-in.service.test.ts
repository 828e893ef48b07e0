import { describe, expect, test } from "vitest";
import {
  codeOf,
  cookieOf,
  SECRET,
  SITE,
  signInFixture,
  somebody,
  tokenOf,
  withBearer,
} from "./auth.fixture.ts";
import { sessionOf } from "./session.ts";

const { database, opened, ask, post, press, read, request, usersOf, auth } = signInFixture();

describe("by link", () => {
  test("promise A5: opening the link, as mail scanners do, signs nobody in; pressing its button does, once", async () => {
    const email = somebody();
    const { link, token } = await request(email, { ageConfirmed: true, callbackURL: "/studio?tab=new" });
    for (const method of ["GET", "HEAD", "GET"]) {
      const page = await ask(link.slice(`${SITE}/api/auth`.length), { method });
      expect(page.status).toBe(200);
      expect(page.headers.getSetCookie()).toEqual([]);
    }
    expect(await usersOf(email)).toHaveLength(0);

    const pressed = await press({ token });
    expect([pressed.status, pressed.headers.get("location")]).toEqual([303, "/studio?tab=new"]);
    const [user] = await usersOf(email);
    const headers = new Headers({ cookie: cookieOf(pressed) });
    expect(await sessionOf(auth(), headers)).toEqual({ userId: user?.id, email });
    expect(opened.filter((each) => each.email === email)).toEqual([{ id: user?.id, email }]);

    const again = await press({ token });
    expect([again.status, again.headers.getSetCookie()]).toEqual([401, []]);
    expect(await again.text()).toContain("This link is used up");
  });

  test("promise A5: a link that is ten minutes old signs nobody in", async () => {
    const email = somebody();
    const { token, code } = await request(email);
    await database.owner`update auth_sign_in set expires_at = now() - interval '1 second' where email = ${email}`;
    expect(await codeOf(await post("/confirm", { token }))).toEqual([401, "sign_in.invalid"]);
    expect(await codeOf(await post("/code", { email, code }))).toEqual([401, "sign_in.invalid"]);
  });

  test("promise A5: the mail lives ten minutes", async () => {
    const email = somebody();
    await request(email);
    const [row] =
      await database.owner`select expires_at - created_at as life from auth_sign_in where email = ${email}`;
    expect(row?.life).toBe("00:10:00");
  });

  test("the button pressed twenty times at once signs in once", async () => {
    const email = somebody();
    const { token } = await request(email);
    const answers = await Promise.all(Array.from({ length: 20 }, () => post("/confirm", { token })));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    const sessions = await database.owner`
      select from auth_session join auth_user on auth_user.id = user_id where email = ${email}`;
    expect(sessions).toHaveLength(1);
  });

  test("two mails to a new address pressed at once open one account", async () => {
    const email = somebody();
    const [one, two] = [await request(email), await request(email)];
    const answers = await Promise.all([one, two].map(({ token }) => post("/confirm", { token })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await usersOf(email)).toHaveLength(1);
  });

  test("another site cannot press the button for a visitor", async () => {
    const { token } = await request(somebody());
    for (const headers of [
      { origin: "https://evil.example" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" },
    ] as Record<string, string>[]) {
      const pressed = await press({ token }, headers);
      expect([pressed.status, pressed.headers.getSetCookie()]).toEqual([403, []]);
    }
    expect((await press({ token })).status).toBe(303);
  });

  test("the page lets nothing in: no script, no frame, no cache, and says whom it signs in", async () => {
    const email = somebody();
    const { link } = await request(email);
    const page = await ask(link.slice(`${SITE}/api/auth`.length));
    const text = await page.text();
    expect(text).toContain(email);
    expect(text).not.toMatch(/<script|\son\w+=/i);
    expect(page.headers.get("content-security-policy")).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(page.headers.get("cache-control")).toBe("no-store");
    for (const query of ["", "?token=", "?token=%22%3E%3Cscript%3E1", `?token=${"a".repeat(43)}`]) {
      const refused = await ask(`/confirm${query}`);
      expect(refused.status).toBeGreaterThanOrEqual(400);
      expect(await refused.text()).not.toContain("<script");
    }
  });
});

describe("by code", () => {
  test("promise A5: the code signs in once, and takes the link with it", async () => {
    const email = somebody();
    const { code, token } = await request(email);
    const answer = await post("/code", { email: email.toUpperCase(), code: ` ${code} ` });
    expect(answer.status).toBe(200);
    expect(await sessionOf(auth(), withBearer(tokenOf(answer)))).toMatchObject({ email });
    expect(await codeOf(await post("/code", { email, code }))).toEqual([401, "sign_in.invalid"]);
    expect(await codeOf(await post("/confirm", { token }))).toEqual([401, "sign_in.invalid"]);
  });

  test("promise A5: the link takes the code with it", async () => {
    const email = somebody();
    const { code, token } = await request(email);
    expect((await post("/confirm", { token })).status).toBe(200);
    expect(await codeOf(await post("/code", { email, code }))).toEqual([401, "sign_in.invalid"]);
  });

  test("link and code used at the same moment sign in once", async () => {
    const email = somebody();
    const { code, token } = await request(email);
    const answers = await Promise.all([post("/confirm", { token }), post("/code", { email, code })]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test("five wrong codes end a mail's code, guessed one by one or all at once; its link lives on", async () => {
    for (const guess of [
      async (tries: (() => Promise<Response>)[]) => {
        for (const each of tries) await each();
      },
      (tries: (() => Promise<Response>)[]) => Promise.all(tries.map((each) => each())),
    ]) {
      const email = somebody();
      const { code, token } = await request(email);
      const wrong = Array.from({ length: 5 }, (_, n) =>
        ((Number(code) + 1 + n) % 1_000_000).toString().padStart(6, "0"),
      );
      await guess(wrong.map((each) => () => post("/code", { email, code: each })));
      expect(await codeOf(await post("/code", { email, code }))).toEqual([401, "sign_in.invalid"]);
      expect((await post("/confirm", { token })).status).toBe(200);
    }
  });

  test("a code signs in its own address alone", async () => {
    const [ann, bob] = [somebody(), somebody()];
    const { code } = await request(ann);
    await request(bob);
    const { code: bobs } = await read(bob);
    if (code !== bobs) expect((await post("/code", { email: bob, code })).status).toBe(401);
    expect((await post("/code", { email: ann, code })).status).toBe(200);
  });

  test("promise A5: neither token nor code can be read from the database, nor tried against it without the secret", async () => {
    const email = somebody();
    const { code, token } = await request(email);
    const rows = await database.owner`select * from auth_sign_in where email = ${email}`;
    const stored = JSON.stringify(rows);
    expect(stored).not.toContain(token);
    expect(stored).not.toContain(code);
    const { createHash, createHmac } = await import("node:crypto");
    const { token_hash: salt, code_hash: hash } = rows[0] ?? {};
    const guesses = [code, `${salt}:${code}`, `sign-in-code:${salt}:${code}`];
    expect(guesses.map((each) => createHash("sha256").update(each).digest("base64url"))).not.toContain(hash);
    expect(
      createHmac("sha256", SECRET)
        .update(guesses[2] ?? "")
        .digest("base64url"),
    ).toBe(hash);
  });
});
