import { randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Limits } from "@imgpilot/core/limits";
import { startMailbox } from "@imgpilot/localcloud/services/mailbox";
import { newestMail } from "@imgpilot/localcloud/services/read-mailbox";
import { startRedis } from "@imgpilot/localcloud/services/redis";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import { afterAll, beforeAll } from "vitest";
import { type Auth, createAuth, handleAuth } from "../auth.ts";
import { createRedisLimits } from "../redis-limits.ts";
import { createResendMailer } from "../resend-mailer.ts";

export const SITE = "http://localhost:3000";
export const SECRET = randomBytes(32).toString("base64url");

/** Sign-in on a real database, a real Redis and the local mailbox. Call it at the top of the file. */
export function signInFixture() {
  const database = freshDatabase();
  const services = signInServices();
  const opened: { id: string; email: string }[] = [];

  /** Another one on the same parts, but for what is said. */
  const build = (more: { siteUrl?: string; resendUrl?: string; db?: typeof database.db } = {}) =>
    createAuth({
      db: more.db ?? database.db,
      secret: SECRET,
      siteUrl: more.siteUrl ?? SITE,
      mailer: createResendMailer({
        apiKey: "re_local",
        from: "ImgPilot <hello@imgpilot.example>",
        baseUrl: more.resendUrl ?? services.mailboxUrl(),
      }),
      limits: services.limits(),
      onUserCreated: async ({ id, email }) => void opened.push({ id, email }),
    });
  let auth: Auth | undefined;
  const current = () => {
    auth ??= build();
    return auth;
  };

  const usersOf = (email: string) => database.owner`select * from auth_user where email = ${email}`;
  return { database, opened, usersOf, build, auth: current, ...visitorOf(current, services.mailboxUrl) };
}

/** A mailbox and a Redis for as long as the file's tests run. */
function signInServices() {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "auth-"));
  let started: { mailboxUrl: string; limits: Limits; stop: () => Promise<void> } | undefined;
  const running = () => {
    if (!started) throw new Error("ask for services within a test, once they have started");
    return started;
  };
  beforeAll(async () => {
    const [mailbox, redis] = await Promise.all([
      startMailbox({ dir: `${dir}/mail` }),
      startRedis({ dir: `${dir}/redis` }),
    ]);
    const limits = createRedisLimits({ url: redis.url });
    const stop = async () => {
      limits.close();
      await Promise.all([mailbox.stop(), redis.stop()]);
    };
    started = { mailboxUrl: mailbox.url, limits, stop };
  });
  afterAll(async () => {
    await started?.stop();
    fs.rmSync(dir, { recursive: true });
  });
  return { mailboxUrl: () => running().mailboxUrl, limits: () => running().limits };
}

/** What somebody with a browser, a program and a mailbox can do. */
function visitorOf(auth: () => Auth, mailboxUrl: () => string) {
  const ask = (pathname: string, init: RequestInit = {}, ip?: string) =>
    handleAuth(auth(), new Request(`${SITE}/api/auth${pathname}`, init), ip ? { ip } : {});
  const post = (pathname: string, body: unknown, headers: Record<string, string> = {}, ip?: string) => {
    const all = { "content-type": "application/json", ...headers };
    return ask(pathname, { method: "POST", headers: all, body: JSON.stringify(body) }, ip);
  };
  const press = (fields: Record<string, string>, headers: Record<string, string> = { origin: SITE }) =>
    ask("/confirm", { method: "POST", headers, body: new URLSearchParams(fields) });
  /** What the newest mail to the address carries. */
  const read = async (email: string) => {
    const mail = await newestMail(mailboxUrl(), email);
    const link = /https?:\S+\/api\/auth\/confirm\?token=\S+/.exec(mail?.text ?? "")?.[0] ?? "";
    const code = /code: (\d{6})/.exec(mail?.text ?? "")?.[1] ?? "";
    return { mail, link, code, token: link ? (new URL(link).searchParams.get("token") ?? "") : "" };
  };
  const request = async (email: string, more: object = { ageConfirmed: true }) => {
    const answer = await post("/sign-in/magic-link", { email, ...more });
    if (!answer.ok) throw new Error(`no mail was sent: ${answer.status} ${await answer.text()}`);
    return read(email);
  };
  return { ask, post, press, read, request };
}

let people = 0;
/** An address that nothing was counted for yet. */
export const somebody = () => `person-${process.pid}-${Date.now()}-${people++}@example.com`;

export const codeOf = async (answer: Response) => [
  answer.status,
  ((await answer.json()) as { code: string }).code,
];
export const tokenOf = (answer: Response) => answer.headers.get("set-auth-token") ?? "";
export const withBearer = (token: string) => new Headers({ authorization: `Bearer ${token}` });
export const cookieOf = (answer: Response) => answer.headers.getSetCookie().join("; ").split(";")[0] ?? "";
