import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { startObjects } from "@imgpilot/localcloud/services/s3";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createR2ObjectStore } from "./r2-object-store.ts";

const dir = fs.mkdtempSync(path.join(os.tmpdir(), "objects-"));
const keys = { accessKeyId: "local", secretAccessKey: "local-secret" };
const options = { dir, bucket: "images", ...keys };
let server: Awaited<ReturnType<typeof startObjects>>;
const store = () => createR2ObjectStore({ endpoint: server.url, bucket: "images", ...keys });

beforeAll(async () => {
  server = await startObjects(options);
});
afterAll(async () => {
  await server.stop();
  fs.rmSync(dir, { recursive: true });
});

const bytes = new Uint8Array([1, 2, 3, 4, 5]);

test("what is put is read back, with its type, also after the store was restarted", async () => {
  await store().put("images/run-1/0/0/original.png", bytes, "image/png");
  await server.stop();
  server = await startObjects(options);
  const key = "images/run-1/0/0/original.png";
  expect(await store().get(key, 5)).toEqual({ bytes, contentType: "image/png" });
  expect(await store().head(key)).toEqual({ bytes: 5, contentType: "image/png" });
});

test("an absent object is null, and removing it is done", async () => {
  expect(await store().get("absent", 10)).toBeNull();
  expect(await store().head("absent")).toBeNull();
  await store().remove("absent");
});

test("promise R6: a removed object is gone for every later read", async () => {
  await store().put("gone", bytes, "image/png");
  const address = await store().signGet("gone");
  await store().remove("gone");
  expect(await store().head("gone")).toBeNull();
  expect((await fetch(address)).status).toBe(404);
});

test("no more is read than was asked for", async () => {
  await store().put("large", bytes, "image/png");
  await expect(store().get("large", 4)).rejects.toThrow(RangeError);
});

test("a bucket that is missing, or a store that is down, fails its check", async () => {
  await store().check();
  await expect(
    createR2ObjectStore({ endpoint: server.url, bucket: "absent", ...keys }).check(),
  ).rejects.toThrow();
  const down = createR2ObjectStore({ endpoint: "http://127.0.0.1:1", bucket: "images", ...keys });
  await expect(down.check()).rejects.toThrow();
});

describe("signed addresses", () => {
  test("promise D3: without a signature, or with a changed one, nobody reads an object", async () => {
    await store().put("private", bytes, "image/png");
    const signed = await store().signGet("private");
    expect((await fetch(signed)).status).toBe(200);
    expect((await fetch(signed.split("?")[0] ?? "")).status).toBe(403);
    await store().put("private-2", bytes, "image/png");
    expect((await fetch(signed.replace("/private?", "/private-2?"))).status).toBe(403);
    expect((await fetch(signed.replace(/Signature=..../, "Signature=0000"))).status).toBe(403);
  });

  test("addresses are the same within five minutes, differ after, and live 10 to 15 minutes", async () => {
    await store().put("cached", bytes, "image/png");
    const start = Math.floor(Date.now() / 300_000) * 300_000;
    vi.useFakeTimers({ toFake: ["Date"], now: start });
    try {
      const first = await store().signGet("cached");
      vi.setSystemTime(start + 299_999);
      expect(await store().signGet("cached")).toBe(first);
      vi.setSystemTime(start + 300_000);
      expect(await store().signGet("cached")).not.toBe(first);
      // Signed at the start of the bucket for 15 minutes: at its end 10 are left.
      expect(new URL(first).searchParams.get("X-Amz-Expires")).toBe("900");
      expect(new URL(first).searchParams.get("X-Amz-Date")).toBe(
        new Date(start).toISOString().replace(/[-:]|\.\d+/g, ""),
      );
    } finally {
      vi.useRealTimers();
    }
  });

  test("a download is saved under the name it was given, whatever characters that has", async () => {
    await store().put("named", bytes, "image/png");
    const response = await fetch(await store().signGet("named", { downloadAs: 'a "red" 狐.png' }));
    expect(response.headers.get("content-disposition")).toBe(
      "attachment; filename=\"a _red_ _.png\"; filename*=UTF-8''a%20%22red%22%20%E7%8B%90.png",
    );
  });

  test("an upload of another size or type than was announced is refused, the announced one is taken", async () => {
    const upload = await store().signPut("uploads/a/1", {
      contentType: "image/png",
      bytes: 5,
      expiresInSeconds: 60,
    });
    const put = (body: Uint8Array<ArrayBuffer>, headers: Record<string, string>) =>
      fetch(upload.url, { method: "PUT", body, headers }).then((response) => response.status);
    expect(await put(new Uint8Array(6), upload.headers)).toBe(403);
    expect(await put(bytes, { "content-type": "text/html" })).toBe(403);
    expect(await store().head("uploads/a/1")).toBeNull();
    expect(await put(bytes, upload.headers)).toBe(200);
    expect(await store().head("uploads/a/1")).toEqual({ bytes: 5, contentType: "image/png" });
  });

  test("no checksum is signed into an upload, for R2 refuses it", async () => {
    const { url } = await store().signPut("uploads/a/2", {
      contentType: "image/png",
      bytes: 5,
      expiresInSeconds: 60,
    });
    expect(url).not.toMatch(/checksum/i);
    expect(await store().signGet("uploads/a/2")).not.toMatch(/checksum/i);
    expect(new URL(url).searchParams.get("X-Amz-SignedHeaders")).toBe("content-length;content-type;host");
  });
});
