import { createHash } from "node:crypto";
import type { RefusalCode } from "@imgpilot/contract/errors";
import { type CreateUpload, UPLOAD_MAX_BYTES, type Upload } from "@imgpilot/contract/uploads";
import { sql } from "drizzle-orm";
import type { Context } from "../context.ts";
import type { Db } from "../db/index.ts";
import { Refusal } from "../errors.ts";
import { newId } from "../ids.ts";
import type { ObjectStore } from "./object-store.ts";
import { readHeader } from "./picture-header.ts";

const PUT_SECONDS = 900;

/** A reference image as it was announced. */
export type AnnouncedUpload = {
  readonly id: string;
  readonly key: string;
  readonly contentType: string;
  readonly bytes: number;
  readonly sha256: string;
};

/** Announces one reference image: the row, and an address that takes exactly these bytes for 15 minutes. */
export async function announce(
  ctx: Pick<Context, "db" | "objects">,
  accountId: string,
  { contentType, bytes, sha256 }: CreateUpload,
): Promise<Upload> {
  const id = newId("upl");
  const key = `uploads/${accountId}/${id}`;
  const put = await ctx.objects.signPut(key, { contentType, bytes, expiresInSeconds: PUT_SECONDS });
  await ctx.db.execute(sql`
    insert into upload (id, account_id, key, content_type, bytes, sha256)
    values (${id}, ${accountId}, ${key}, ${contentType}, ${bytes}, ${sha256})`);
  return { id, ...put, expiresAt: new Date(Date.now() + PUT_SECONDS * 1_000).toISOString() };
}

/**
 * The account's own uploads by these ids, in their order.
 * @throws {Refusal} `reference.missing` for any that is unknown or another's: which of both is not told.
 */
export async function resolve(db: Db, accountId: string, ids: readonly string[]): Promise<AnnouncedUpload[]> {
  if (ids.length === 0) return [];
  const rows = await db.execute<AnnouncedUpload>(sql`
    select id, key, content_type as "contentType", bytes::float8 as bytes, sha256
    from upload where account_id = ${accountId} and id in ${ids}`);
  const byId = new Map([...rows].map((row) => [row.id, row]));
  refuseAny(
    "reference.missing",
    ids.map((id) => (byId.has(id) ? null : "There is no such upload")),
  );
  refuseAny(
    "reference.invalid",
    ids.map((id, i) => (ids.indexOf(id) === i ? null : "It is named twice")),
  );
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/**
 * Whether the bytes were put, are those that were announced, and are a picture of the announced type.
 * @throws {Refusal} `reference.missing` where nothing was put, `reference.invalid` where something else was.
 */
export async function verify(objects: ObjectStore, uploads: readonly AnnouncedUpload[]): Promise<void> {
  const heads = await Promise.all(uploads.map(({ key }) => objects.head(key)));
  refuseAny(
    "reference.missing",
    heads.map((head) => (head ? null : "It has not been uploaded")),
  );
  // One after the other: fourteen references at once would be a hundred megabytes.
  const faults: (string | null)[] = [];
  for (const upload of uploads) faults.push(faultOf(upload, await read(objects, upload)));
  refuseAny("reference.invalid", faults);
}

async function read(objects: ObjectStore, { key }: AnnouncedUpload): Promise<Uint8Array | null> {
  try {
    return (await objects.get(key, UPLOAD_MAX_BYTES))?.bytes ?? null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function faultOf({ bytes, sha256, contentType }: AnnouncedUpload, found: Uint8Array | null): string | null {
  if (!found || found.byteLength !== bytes) return "It does not have the announced size";
  if (createHash("sha256").update(found).digest("hex") !== sha256) return "It is not the announced file";
  const picture = readHeader(found);
  if (!picture) return "It is not an image";
  return picture.contentType === contentType ? null : `It is ${picture.contentType}, not ${contentType}`;
}

function refuseAny(code: RefusalCode, faults: readonly (string | null)[]): void {
  const errors = faults.flatMap((message, i) => (message ? [{ path: `references.${i}`, message }] : []));
  if (errors.length > 0) throw new Refusal(code, undefined, errors);
}
