import http from "node:http";
import type { AddressInfo } from "node:net";
import type { Context } from "@imgpilot/core/context";
import { newId } from "@imgpilot/core/ids";
import { Outbox, Wishes } from "@imgpilot/core/mail";
import { compose } from "@imgpilot/mail/compose";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createResendMailer } from "./resend-mailer.ts";

/** Guards that no mail is lost and none arrives twice, whatever Resend does, on its wire and a real database. */
const database = freshDatabase();

type Taken = { key: string; body: { to: string[]; subject: string; headers?: Record<string, string> } };
type Fault = (response: http.ServerResponse) => void;
/** Resend as far as it matters: it remembers keys, refuses one that comes with another body, and has its bad hours. */
let taken: Taken[] = [];
let asked = 0;
let fault: Fault | null = null;
let url = "";
const server = http.createServer(async (request, response) => {
  asked += 1;
  const body = (await new Response(request as never).json()) as Taken["body"];
  const key = String(request.headers["idempotency-key"]);
  const answer = (status: number, json: object) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(json));
  const earlier = taken.find((mail) => mail.key === key);
  if (fault && !fault.name.startsWith("after")) return fault(response);
  if (earlier && JSON.stringify(earlier.body) !== JSON.stringify(body))
    return answer(409, { statusCode: 409, name: "invalid_idempotent_request", message: "no" });
  if (!earlier) taken.push({ key, body });
  return fault ? fault(response) : answer(200, { id: key });
});
const afterTaking: Fault = (response) => void response.destroy();
const answering =
  (status: number, name: string, headers = {}): Fault =>
  (response) =>
    void response
      .writeHead(status, headers)
      .end(JSON.stringify({ statusCode: status, name, message: "to ann@example.com" }));

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());
beforeEach(async () => {
  [taken, asked, fault] = [[], 0, null];
  await database.owner`delete from mail_outbox`;
});

const reports: unknown[] = [];
const ctx = () =>
  ({ db: database.db, report: (error: unknown) => reports.push(error) }) as unknown as Context;
const post = (more: Partial<Outbox.Post> = {}): Outbox.Post => ({
  mailer: createResendMailer({ apiKey: "re_test", from: "ImgPilot <hello@imgpilot.example>", baseUrl: url }),
  compose: async (mail) =>
    compose({ ...mail, siteUrl: "https://imgpilot.example", unsubscribeUrl: "https://imgpilot.example/u" }),
  ...more,
});
const send = (more?: Partial<Outbox.Post>) => Outbox.sendDue(ctx(), post(more));
const minutesLater = (minutes: number) =>
  database.owner`update mail_outbox set due_at = due_at - make_interval(mins => ${minutes})`;
const rows = () => database.owner`select * from mail_outbox order by id`;
const write = (n: number | string, facts: Partial<Outbox.NewMail<"welcome">> = {}) =>
  Outbox.enqueue(database.db, {
    name: "welcome",
    data: { credits: 32 },
    key: `welcome/${n}`,
    locale: "de",
    accountId: null,
    address: `person-${n}@example.com`,
    ...facts,
  });

async function aPerson(locale = "ja") {
  const [id, userId] = [newId("acc"), `user-${Math.random()}`];
  const email = `${userId}@example.com`;
  await database.owner`insert into auth_user (id, email) values (${userId}, ${email})`;
  await database.owner`insert into account (id, user_id, locale) values (${id}, ${userId}, ${locale})`;
  return { id, userId, email };
}

test("promise T: a mail is sent in the person's language, and nothing of it but that it was is kept", async () => {
  const { id, email } = await aPerson("ja");
  await Outbox.enqueue(database.db, { name: "welcome", data: { credits: 32 }, key: "w", accountId: id });
  expect(await send()).toMatchObject({ sent: 1 });
  expect(taken.map(({ body }) => [body.to, body.subject])).toEqual([[[email], "ImgPilot へようこそ"]]);
  expect(await rows()).toEqual([expect.objectContaining({ state: "sent", address: null, data: {} })]);
});

test("what is told twice is one mail, and what is rolled back none", async () => {
  const [one, two] = [await write(1), await write(1)];
  expect(one).toBe(two);
  const undone = database.db.transaction(async (tx) => {
    const mail = {
      name: "welcome",
      data: { credits: 1 },
      key: "undone",
      accountId: null,
      address: "a@example.com",
    } as const;
    await Outbox.enqueue(tx, mail);
    throw new Error("undone");
  });
  await expect(undone).rejects.toThrow("undone");
  expect(await send()).toMatchObject({ sent: 1 });
  expect(await write(1)).toBe(one);
  expect(await send()).toMatchObject({ sent: 0 });
  await expect(write(1, { accountId: newId("acc") })).rejects.toThrow();
});

test("a provider that is down for an hour, in every way there is, loses nothing and gets nothing twice", async () => {
  const ways: Fault[] = [
    answering(500, "internal_server_error"),
    answering(429, "rate_limit_exceeded"),
    answering(401, "invalid_api_key"),
    (response) => void response.destroy(),
    (response) => void response.writeHead(502).end("<html>"),
    afterTaking,
  ];
  for (let n = 0; n < 12; n++) await write(n);
  for (let minute = 0; minute < 60; minute++) {
    fault = ways[minute % ways.length] ?? null;
    await send();
    await minutesLater(1);
  }
  fault = null;
  await minutesLater(60);
  await send();
  expect((await rows()).map(({ state }) => state)).toEqual(Array.from({ length: 12 }, () => "sent"));
  expect(new Set(taken.map(({ body }) => body.to[0])).size).toBe(12);
  expect(taken).toHaveLength(12);
});

test("a job that dies between sending and noting it sends the same again, and it arrives once", async () => {
  await write(1);
  const dies: Outbox.Post["mailer"] = {
    async send(mail) {
      await post().mailer.send(mail);
      await new Promise(() => {});
    },
  };
  void send({ mailer: dies });
  await expect.poll(() => taken.length).toBe(1);
  expect(await rows()).toEqual([expect.objectContaining({ state: "waiting", tries: 1 })]);
  expect(await send()).toMatchObject({ sent: 0 });
  await minutesLater(3);
  expect(await send()).toMatchObject({ sent: 1 });
  expect([taken.length, asked]).toEqual([1, 2]);

  // Or its words have changed in between, with a new version: that the key is known says that it arrived.
  await write(2);
  fault = afterTaking;
  await send();
  fault = null;
  await minutesLater(3);
  const reworded = async () => ({ subject: "Other", text: "other", html: "<p>other" });
  expect(await send({ compose: reworded })).toMatchObject({ sent: 1 });
  expect(taken).toHaveLength(2);
});

test("four jobs at once send each mail once", async () => {
  for (let n = 0; n < 30; n++) await write(n);
  const done = await Promise.all(Array.from({ length: 4 }, () => send()));
  expect(done.reduce((sum, { sent }) => sum + sent, 0)).toBe(30);
  expect([taken.length, asked]).toEqual([30, 30]);
});

test("the provider is left alone for as long as it asks, an hour at most", async () => {
  for (const [asks, waits] of [
    ["600", 600],
    ["999999", 3_600],
    ["1", 60],
  ] as const) {
    await write(asks);
    fault = answering(429, "rate_limit_exceeded", { "retry-after": asks });
    await send();
    const [row] = await database.owner`
      select extract(epoch from due_at - clock_timestamp())::int as wait from mail_outbox where key = ${`welcome/${asks}`}`;
    expect(Math.abs(row?.wait - waits)).toBeLessThan(5);
  }
});

test("a mail is given up when it is refused for good or out of tries, without the address in what is told of it", async () => {
  await write(1);
  fault = answering(422, "validation_error");
  expect(await send()).toMatchObject({ givenUp: 1 });
  const [row] = await rows();
  expect(row).toMatchObject({ state: "given_up", tries: 1 });
  expect(row?.last_error).toContain("validation_error");
  expect(row?.last_error).not.toContain("@example");

  await write(2);
  fault = answering(500, "internal_server_error");
  let last: Outbox.Sent | undefined;
  for (let n = 0; n < Outbox.TRIES; n++) {
    last = await send();
    await minutesLater(60);
  }
  expect(last).toMatchObject({ givenUp: 1 });
  fault = null;
  expect(await send()).toMatchObject({ sent: 0 });

  await database.owner`update mail_outbox set ended_at = ended_at - interval '8 days'`;
  expect(await Outbox.forget(database.db)).toBe(2);
});

test("promise S5: what nobody asked for is not written, and what is no longer wanted or has no reader is not sent", async () => {
  const { id, userId } = await aPerson();
  const news = { name: "credits_low", data: { credits: 3 }, accountId: id } as const;
  expect(await Outbox.enqueue(database.db, { ...news, key: "1" })).toBeNull();
  await Wishes.set(database.db, id, "credits_low", true);
  await Wishes.set(database.db, id, "credits_low", true);
  expect(await Outbox.enqueue(database.db, { ...news, key: "2" })).toMatch(/^mail_/);
  await Wishes.set(database.db, id, "credits_low", false);
  expect(await send()).toMatchObject({ sent: 0, dropped: 1 });

  await Outbox.enqueue(database.db, { name: "welcome", data: { credits: 1 }, key: "3", accountId: id });
  await database.owner`delete from auth_user where id = ${userId}`;
  expect(await send()).toMatchObject({ sent: 0, dropped: 1 });
  expect(taken).toEqual([]);
});
