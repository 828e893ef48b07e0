import { describe, expect, test } from "vitest";
import { codeOf, SITE, signInFixture, somebody } from "./auth.fixture.ts";

const { database, opened, ask, post, press, read, request, usersOf } = signInFixture();

describe("accounts", () => {
  test("promise A4: no account is opened before the age is confirmed, when asking, at the button or with the code", async () => {
    const [ann, bob] = [somebody(), somebody()];
    const { token, link } = await request(ann, {});
    expect(await (await ask(link.slice(`${SITE}/api/auth`.length))).text()).toContain(
      'name="ageConfirmed" required',
    );
    expect((await press({ token })).status).toBe(403);
    expect(await usersOf(ann)).toHaveLength(0);
    // The mail is not used up by that.
    expect((await press({ token, ageConfirmed: "on" })).status).toBe(303);
    expect((await usersOf(ann))[0]?.age_confirmed_at).toBeInstanceOf(Date);

    const { code } = await request(bob, {});
    expect(await codeOf(await post("/code", { email: bob, code }))).toEqual([403, "age.unconfirmed"]);
    expect((await post("/code", { email: bob, code, ageConfirmed: true })).status).toBe(200);

    // Asked once in a life.
    const second = await request(ann, {});
    expect(await (await ask(second.link.slice(`${SITE}/api/auth`.length))).text()).not.toContain(
      "ageConfirmed",
    );
    expect((await press({ token: second.token })).status).toBe(303);
  });

  test("promise A2: nothing but the address is stored about a person, and no column could hold a password (A1)", async () => {
    const email = somebody();
    const { token } = await request(email);
    await post("/confirm", { token }, { "user-agent": "Spy/1.0", "x-forwarded-for": "203.0.113.9" });
    const [user] = await usersOf(email);
    expect(user).toMatchObject({ email, email_verified: true, name: "", image: null });
    const [session] = await database.owner`select * from auth_session where user_id = ${user?.id}`;
    expect(session).toMatchObject({ ip_address: null, user_agent: null });
    const columns = await database.owner`
      select from information_schema.columns where table_name like 'auth%' and column_name ~ 'password|secret|pin'`;
    expect(columns).toHaveLength(0);
  });

  test("asking answers alike whether or not the address has an account", async () => {
    const [known, unknown] = [somebody(), somebody()];
    await post("/confirm", { token: (await request(known)).token });
    const answers = await Promise.all(
      [known, unknown].map((email) => post("/sign-in/magic-link", { email })),
    );
    const [one, two] = await Promise.all(
      answers.map(async (answer) => [answer.status, await answer.text(), [...answer.headers].toSorted()]),
    );
    expect(one).toEqual(two);
    const subject = async (email: string) => (await read(email)).mail?.subject.replace(/\d/g, "0");
    expect(await subject(known)).toBe(await subject(unknown));
  });

  test("a person who signs in again is the same person, and is not announced twice", async () => {
    const email = somebody();
    for (const spelling of [email, email.toUpperCase()]) {
      await post("/sign-in/magic-link", { email: spelling, ageConfirmed: true });
      expect((await post("/confirm", { token: (await read(email)).token })).status).toBe(200);
    }
    expect(await usersOf(email)).toHaveLength(1);
    expect(opened.filter((each) => each.email === email)).toHaveLength(1);
  });
});
