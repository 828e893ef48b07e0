import { newId } from "@imgpilot/core/ids";
import { Wishes } from "@imgpilot/core/mail";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import { expect, test } from "vitest";
import { handleUnsubscribe } from "./unsubscribe.ts";
import { unsubscribeUrl } from "./unsubscribe-token.ts";

const database = freshDatabase();
const secret = "s".repeat(32);
const SITE = "https://imgpilot.example";

const ask = (url: string, init: RequestInit = {}) =>
  handleUnsubscribe({ db: database.db, secret }, new Request(url, init));
const oneClick = { method: "POST", body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }) };
const wished = async (account: string) =>
  (
    await database.owner`select wish from mail_wish where account_id = ${account} and wanted order by wish`
  ).map(({ wish }) => wish);

async function subscriber() {
  const accountId = newId("acc");
  await database.owner`insert into account (id) values (${accountId})`;
  await Wishes.set(database.db, accountId, "promotional", true);
  await Wishes.set(database.db, accountId, "credits_low", true);
  return { accountId, url: unsubscribeUrl(SITE, secret, { accountId, wish: "promotional" }) };
}

test("promise S5: one click ends the mails of that kind, without a sign-in, however often it comes", async () => {
  const { accountId, url } = await subscriber();
  for (let n = 0; n < 3; n++) {
    expect((await ask(url, oneClick)).status).toBe(200);
    expect(await wished(accountId)).toEqual(["credits_low"]);
  }
});

test("promise S5: opening the address, as mail scanners do, ends nothing; the button on its page does", async () => {
  const { accountId, url } = await subscriber();
  for (const method of ["GET", "HEAD", "GET"]) expect((await ask(url, { method })).status).toBe(200);
  expect(await wished(accountId)).toEqual(["credits_low", "promotional"]);

  const page = await (await ask(url, { headers: { "accept-language": "ar-EG,en;q=0.5" } })).text();
  expect(page).toContain('lang="ar" dir="rtl"');
  expect(page).not.toContain("<script");
  const action = /<form method="post" action="([^"]+)"/.exec(page)?.[1] ?? "";
  expect((await ask(new URL(action, SITE).href, { method: "POST" })).status).toBe(200);
  expect(await wished(accountId)).toEqual(["credits_low"]);
});

test("400: nobody ends another one's mails by a token that we did not sign", async () => {
  const [{ accountId, url }, other] = [await subscriber(), await subscriber()];
  const token = new URL(url).searchParams.get("token") ?? "";
  const [, , signed = ""] = token.split(".");
  for (const forged of [
    "",
    "..",
    `${other.accountId}.promotional.${signed}`,
    `${accountId}.credits_low.${signed}`,
    `${token}.x`,
    token.slice(0, -1),
    '"><script>',
    "a".repeat(100_000),
  ]) {
    const answer = await ask(`${SITE}/api/mail/unsubscribe?token=${encodeURIComponent(forged)}`, oneClick);
    expect(answer.status).toBe(400);
    expect(await answer.text()).not.toContain("<script");
  }
  expect(await wished(accountId)).toEqual(["credits_low", "promotional"]);
  expect(await wished(other.accountId)).toEqual(["credits_low", "promotional"]);
  expect((await ask(url, { method: "DELETE" })).status).toBe(405);
});

test("an account that is gone has no mails to end, and the answer does not tell", async () => {
  const url = unsubscribeUrl(SITE, secret, { accountId: newId("acc"), wish: "promotional" });
  expect((await ask(url, oneClick)).status).toBe(200);
});
