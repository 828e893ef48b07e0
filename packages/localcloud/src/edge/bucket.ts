import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { unzipSync } from "fflate";
import type { FilesSpec } from "../assembly/model.ts";
import type { Answer } from "../gateway/function-response.ts";
import type { Incoming } from "../gateway/incoming.ts";

type File = { readonly body: Buffer; readonly etag: string };

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".xml": "application/xml",
  ".txt": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
};

/**
 * A private bucket that a deployment has filled, as the CDN reads it: a key that is not there answers 403, since who may not
 * list a bucket is not told what is missing from it.
 */
export function openBucket({ archives, cacheRules }: FilesSpec): (incoming: Incoming) => Answer {
  const files = new Map(archives.flatMap(unpack));
  return ({ method, url, headers }) => {
    const key = keyOf(url);
    const file = key === null ? undefined : files.get(key);
    if (!file || key === null) return { ...NOTHING, statusCode: 403, body: Buffer.from("Access Denied") };
    const rules = cacheRules.filter((rule) => rule.files.some((glob) => path.matchesGlob(key, glob)));
    const described = {
      "content-type": TYPES[path.extname(key)] ?? "application/octet-stream",
      "cache-control": rules.at(-1)?.cacheControl ?? "no-cache",
      etag: file.etag,
    };
    if (headers["if-none-match"] === file.etag) return { ...NOTHING, statusCode: 304, headers: described };
    const body = method === "HEAD" ? Buffer.alloc(0) : file.body;
    return { ...NOTHING, statusCode: 200, headers: described, body };
  };
}

const NOTHING = { headers: {} as Record<string, string>, cookies: [], body: Buffer.alloc(0) };

function unpack(archive: string): [key: string, file: File][] {
  const entries = Object.entries(unzipSync(readFileSync(archive)));
  return entries.map(([key, bytes]) => {
    const etag = `"${createHash("md5").update(bytes).digest("hex")}"`;
    return [key, { body: Buffer.from(bytes), etag }];
  });
}

function keyOf(url: string): string | null {
  try {
    return decodeURIComponent(url.split("?", 1)[0]?.slice(1) ?? "");
  } catch {
    return null;
  }
}
