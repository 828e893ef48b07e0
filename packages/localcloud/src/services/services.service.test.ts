import { fork } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { DeleteObjectsCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { Redis } from "ioredis";
import { afterAll, describe, expect, test } from "vitest";
import { startMailbox } from "./mailbox.ts";
import { newestMail } from "./read-mailbox.ts";
import { startRedis } from "./redis.ts";
import { startObjects } from "./s3.ts";

const dir = fs.mkdtempSync(path.join(os.tmpdir(), "services-"));
const in_ = (name: string) => path.join(dir, name);
const keys = { accessKeyId: "local", secretAccessKey: "local-secret" };
const services = {
  "the object store": (port = 0) => startObjects({ dir: in_("s3"), port, bucket: "images", ...keys }),
  redis: (port = 0) => startRedis({ dir: in_("redis"), port }),
  "the mailbox": (port = 0) => startMailbox({ dir: in_("mail"), port }),
};
const each = Object.entries(services);
afterAll(() => fs.rmSync(dir, { recursive: true }));

const isListening = async (url: string) => {
  const socket = net.connect(Number(new URL(url).port), "127.0.0.1");
  return once(socket, "connect").then(
    () => {
      socket.destroy();
      return true;
    },
    () => false,
  );
};

describe.skipIf(process.env.REDIS_URL)("every service", () => {
  test.each(each)("%s ends with stop, and is not reported as dead", async (_, start) => {
    const service = await start();
    expect(await isListening(service.url)).toBe(true);
    await service.stop();
    expect(await isListening(service.url)).toBe(false);
    expect(await Promise.race([service.died, Promise.resolve("quiet")])).toBe("quiet");
  });

  test.each(each)("%s says in one line that its port is taken", async (_, start) => {
    const squatter = net.createServer().listen(0, "127.0.0.1");
    await once(squatter, "listening");
    const { port } = squatter.address() as net.AddressInfo;
    await expect(start(port)).rejects.toThrow(new RegExp(`^[^\n]*: port ${port} is taken$`));
    squatter.close();
  });

  test.each(each)("%s that is killed is reported", async (_, start) => {
    const service = await start();
    process.kill(service.pid, "SIGKILL");
    expect(await service.died).toMatch(/ended \(SIGKILL\)/);
  });

  test.each(each)("%s listens on 127.0.0.1 alone", async (_, start) => {
    const service = await start();
    const { port } = new URL(service.url);
    const outside = Object.values(os.networkInterfaces())
      .flat()
      .find((each) => each && !each.internal && each.family === "IPv4");
    const socket = net.connect({ host: outside?.address ?? "::1", port: Number(port) });
    await expect(once(socket, "connect")).rejects.toThrow(/ECONNREFUSED|EADDRNOTAVAIL/);
    await service.stop();
  });

  test("services end when the process that started them is killed", async () => {
    const parent = fork(new URL("./services.fixture.ts", import.meta.url), {
      execArgv: [],
      env: { ...process.env, FIXTURE_DIR: in_("orphans") },
    });
    const [urls] = (await once(parent, "message")) as [string[]];
    for (const url of urls) expect(await isListening(url)).toBe(true);
    parent.kill("SIGKILL");
    for (const url of urls) await expect.poll(() => isListening(url), { timeout: 10_000 }).toBe(false);
  });
});

describe("the object store", () => {
  test("lists in pages and deletes many at once", async () => {
    const service = await services["the object store"]();
    const client = new S3Client({
      region: "auto",
      endpoint: service.url,
      forcePathStyle: true,
      credentials: keys,
      requestChecksumCalculation: "WHEN_REQUIRED",
    });
    for (const Key of ["a/1", "a/2", "a/3"])
      await client.send(new PutObjectCommand({ Bucket: "images", Key, Body: "x" }));
    const first = await client.send(new ListObjectsV2Command({ Bucket: "images", Prefix: "a/", MaxKeys: 2 }));
    const rest = await client.send(
      new ListObjectsV2Command({
        Bucket: "images",
        Prefix: "a/",
        ContinuationToken: first.NextContinuationToken,
      }),
    );
    expect([...(first.Contents ?? []), ...(rest.Contents ?? [])].map(({ Key }) => Key)).toEqual([
      "a/1",
      "a/2",
      "a/3",
    ]);
    const Objects = [{ Key: "a/1" }, { Key: "a/2" }];
    await client.send(new DeleteObjectsCommand({ Bucket: "images", Delete: { Objects } }));
    expect((await client.send(new ListObjectsV2Command({ Bucket: "images", Prefix: "a/" }))).KeyCount).toBe(
      1,
    );
    await service.stop();
  });

  test("refuses forms as R2 does, strangers' keys and unsigned listings, and lets browsers of the site in", async () => {
    const service = await services["the object store"]();
    const form = new FormData();
    form.set("key", "evil");
    form.set("file", "x");
    expect((await fetch(`${service.url}/images`, { method: "POST", body: form })).status).toBe(403);
    expect(
      (await fetch(`${service.url}/images?X-Amz-Signature=0`, { method: "POST", body: form })).status,
    ).toBe(501);
    expect((await fetch(`${service.url}/images?list-type=2`)).status).toBe(403);
    const stranger = new S3Client({
      region: "auto",
      endpoint: service.url,
      forcePathStyle: true,
      credentials: { accessKeyId: "stranger", secretAccessKey: "x" },
    });
    await expect(stranger.send(new ListObjectsV2Command({ Bucket: "images" }))).rejects.toThrow();
    const preflight = await fetch(`${service.url}/images/uploads/1`, {
      method: "OPTIONS",
      headers: {
        origin: "http://localhost:3000",
        "access-control-request-method": "PUT",
        "access-control-request-headers": "content-type",
      },
    });
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
    expect(preflight.headers.get("access-control-allow-methods")).toContain("PUT");
    await service.stop();
  });
});

test("redis runs scripts and expires keys", async () => {
  const service = await services.redis();
  const redis = new Redis(service.url);
  expect(await redis.set("a", "1", "PX", 60_000, "NX")).toBe("OK");
  expect(await redis.eval("return redis.call('incr', KEYS[1])", 1, "a")).toBe(2);
  expect(await redis.pttl("a")).toBeGreaterThan(0);
  redis.disconnect();
  await service.stop();
});

describe("the mailbox", () => {
  const post = (url: string, mail: object, headers: Record<string, string> = {}) =>
    fetch(`${url}/emails`, {
      method: "POST",
      headers: { authorization: "Bearer re_local", "content-type": "application/json", ...headers },
      body: JSON.stringify(mail),
    });
  const mail = {
    from: "ImgPilot <a@example.com>",
    to: ["Ann <ann@example.com>"],
    subject: "Hello",
    text: "plain",
    html: "<b>rich</b>",
  };

  test("keeps mails across a restart and tells the newest to an address", async () => {
    let service = await services["the mailbox"]();
    await post(service.url, mail);
    await post(service.url, { ...mail, subject: "Later" });
    await post(service.url, { ...mail, to: "bob@example.com" });
    await service.stop();
    service = await services["the mailbox"]();
    expect(await newestMail(service.url, "ANN@example.com")).toMatchObject({
      subject: "Later",
      text: "plain",
      html: "<b>rich</b>",
    });
    expect(await newestMail(service.url, "nobody@example.com")).toBeNull();
    expect(
      await newestMail(service.url, "ann@example.com", new Date(Date.now() + 60_000).toISOString()),
    ).toBeNull();
    await service.stop();
  });

  test("a key delivers once, also after a restart; with another content it is refused", async () => {
    const key = { "idempotency-key": "welcome/1" };
    let service = await services["the mailbox"]();
    const first = await (await post(service.url, mail, key)).json();
    await service.stop();
    service = await services["the mailbox"]();
    expect(await (await post(service.url, mail, key)).json()).toEqual(first);
    const other = await post(service.url, { ...mail, subject: "Other" }, key);
    expect([other.status, await other.json()]).toMatchObject([409, { name: "invalid_idempotent_request" }]);
    await service.stop();
  });

  test("answers Resend's errors, and shows mails without running what they carry", async () => {
    const service = await services["the mailbox"]();
    expect((await post(service.url, mail, { authorization: "" })).status).toBe(401);
    expect((await post(service.url, { ...mail, to: "nobody" })).status).toBe(422);
    expect((await post(service.url, { ...mail, to: [] })).status).toBe(422);
    const evil = await post(service.url, {
      ...mail,
      subject: "<script>1</script>",
      html: '"><script>2</script>',
    });
    const { id } = (await evil.json()) as { id: string };
    const page = await fetch(`${service.url}/inbox/${id}`);
    expect(await page.text()).not.toContain("<script>");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await (await fetch(`${service.url}/inbox`)).text()).toContain("&lt;script&gt;1");
    await service.stop();
  });
});
