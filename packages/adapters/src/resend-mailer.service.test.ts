import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { MailNotSent } from "@imgpilot/core/mail";
import { startMailbox } from "@imgpilot/localcloud/services/mailbox";
import { newestMail } from "@imgpilot/localcloud/services/read-mailbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createResendMailer } from "./resend-mailer.ts";

const dir = fs.mkdtempSync(path.join(os.tmpdir(), "mail-"));
let mailbox: Awaited<ReturnType<typeof startMailbox>>;
beforeAll(async () => {
  mailbox = await startMailbox({ dir });
});
afterAll(async () => {
  await mailbox.stop();
  fs.rmSync(dir, { recursive: true });
});

const from = "ImgPilot <hello@imgpilot.example>";
const mail = {
  to: "ann@example.com",
  subject: "Hello",
  text: "plain",
  html: "<p>rich</p>",
  idempotencyKey: "k1",
};
const mailerAt = (baseUrl: string) => createResendMailer({ apiKey: "re_test", from, baseUrl });

test("a mail arrives with both parts, once however often it is sent with its key", async () => {
  const mailer = mailerAt(mailbox.url);
  await mailer.send(mail);
  await mailer.send(mail);
  expect(await newestMail(mailbox.url, mail.to)).toMatchObject({
    subject: "Hello",
    text: "plain",
    html: "<p>rich</p>",
  });
  expect(fs.readdirSync(dir).filter((file) => file.endsWith(".json"))).toHaveLength(1);
});

test("the same key with another content is thrown, and says that an earlier mail was taken", async () => {
  const sent = mailerAt(mailbox.url).send({ ...mail, subject: "Other" });
  await expect(sent).rejects.toMatchObject({ name: "mail.not_sent", advice: "taken" });
});

/** What Resend documents as `{ statusCode, name, message }`; `null` answers no JSON, as a proxy in between would. */
const answers: [status: number, name: string | null, advice: MailNotSent["advice"]][] = [
  [429, "rate_limit_exceeded", "later"],
  [429, "daily_quota_exceeded", "later"],
  [500, "internal_server_error", "later"],
  [502, null, "later"],
  [409, "concurrent_idempotent_requests", "later"],
  [409, "invalid_idempotent_request", "taken"],
  [400, "invalid_idempotency_key", "never"],
  [401, "missing_api_key", "later"],
  [403, "validation_error", "later"],
  [422, "validation_error", "never"],
];
test.each(answers)("%i %s is thrown, to be sent again: %s", async (status, name, advice) => {
  const server = http.createServer((request, response) => {
    request.resume().on("end", () => {
      response
        .writeHead(status, { "retry-after": "7" })
        .end(name ? JSON.stringify({ statusCode: status, name, message: "no" }) : "<html>Bad gateway");
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(null)));
  const sent = mailerAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).send(mail);
  await expect(sent).rejects.toBeInstanceOf(MailNotSent);
  await expect(sent).rejects.toMatchObject({ advice, retryAfterSeconds: 7 });
  server.close();
});

test("a Resend that cannot be reached is thrown, to be sent again later", async () => {
  await expect(mailerAt("http://127.0.0.1:1").send(mail)).rejects.toMatchObject({
    advice: "later",
    retryAfterSeconds: null,
  });
});
