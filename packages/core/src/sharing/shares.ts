import { findModel } from "@imgpilot/contract/catalogue";
import type { ImageShare, Share } from "@imgpilot/contract/shares";
import { sql } from "drizzle-orm";
import type { Context } from "../context.ts";
import { moment, verbRow } from "../db/verb.ts";
import { Refusal } from "../errors.ts";
import { newId } from "../ids.ts";

type Sharing = Pick<Context, "db" | "objects" | "report">;
type OwnedImage = { readonly accountId: string; readonly generationId: string; readonly image: number };

/** What a provider may have sent as one image, and our marking of it. */
const MAX_COPY_BYTES = 70_000_000;

/**
 * Makes the image's public page, or answers the one there is, listed as asked. The page has a copy of the image of its own,
 * so that taking the page away ends every address that was given out for it (promises D1, D4).
 * @throws {Refusal} `image.missing`, also where it is another's.
 */
export async function publish(ctx: Sharing, wish: OwnedImage & { listed: boolean }): Promise<ImageShare> {
  const { accountId, generationId, image, listed } = wish;
  const source = await sourceOf(ctx, wish);
  if (!source) throw new Refusal("image.missing");
  const id = source.share ?? newId("shr");
  const key = `shares/${id}/image`;
  if (!source.share) await copy(ctx, source.key, key);
  const { live } = await verbRow<{ live: string | null }>(
    ctx.db,
    sql`select share_publish(${id}, ${accountId}, ${generationId}, ${image}, ${key}, ${listed}) as live`,
  );
  if (!live) throw new Refusal("image.missing");
  return { id: live, listed };
}

type Source = { readonly key: string; readonly share: string | null };

async function sourceOf({ db }: Sharing, wanted: OwnedImage): Promise<Source | null> {
  const { accountId, generationId, image } = wanted;
  const [row] = await db.execute<Source>(sql`
    select i.original_key as key, s.id as share
    from generation g
    join generation_image i on i.generation_id = g.id and i.image = ${image}
    left join share s on s.generation_id = g.id and s.image = i.image and s.revoked_at is null
    where g.id = ${generationId} and g.account_id = ${accountId}`);
  return row ?? null;
}

/** Queued for deletion first: a copy whose page is never made goes by itself. */
async function copy({ db, objects }: Sharing, from: string, to: string): Promise<void> {
  await db.execute(sql`
    insert into object_deletion (key, due_at) values (${to}, now() + interval '1 hour')`);
  const found = await objects.get(from, MAX_COPY_BYTES);
  if (!found) throw new Error(`${from} is recorded, and not in the store`);
  await objects.put(to, found.bytes, found.contentType);
}

/** Takes the page away. It is gone at once, its copy as soon as the store confirms; repeating it changes nothing. */
export async function revoke(ctx: Sharing, { accountId, generationId, image }: OwnedImage): Promise<void> {
  const { keys } = await verbRow<{ keys: string[] }>(
    ctx.db,
    sql`select share_revoke(${generationId}, ${accountId}, ${image}) as keys`,
  );
  // The queue sees to it that they go; doing it now as well ends addresses that are in use.
  for (const key of keys)
    await ctx.objects
      .remove(key)
      .catch((fault: unknown) => ctx.report(fault, { key, during: "the deletion of a public copy" }));
}

type Row = {
  key: string;
  revoked: boolean;
  listed: boolean;
  prompt: string;
  model: string;
  width: number;
  height: number;
  contentType: string;
  createdAt: string;
};

/** What the page shows. @throws {Refusal} `share.missing`, and `share.gone` where it was taken away. */
export async function get(ctx: Pick<Sharing, "db">, id: string): Promise<Share> {
  const { prompt, model, width, height, contentType, createdAt, listed } = await find(ctx, id);
  return {
    id,
    imageUrl: `/api/shares/${id}/image`,
    ...{ contentType, width, height, prompt, model, listed },
    modelName: findModel(model)?.name ?? model,
    createdAt: moment(createdAt),
  };
}

/** A short-lived address of the page's own copy. @throws {Refusal} as `get`. */
export async function addressOfImage(ctx: Pick<Sharing, "db" | "objects">, id: string): Promise<string> {
  const { key } = await find(ctx, id);
  return ctx.objects.signGet(key);
}

async function find({ db }: Pick<Sharing, "db">, id: string): Promise<Row> {
  const [row] = await db.execute<Row>(sql`
    select s.key, s.listed, g.id is null or s.revoked_at is not null as revoked, g.prompt, g.model, i.width, i.height,
      i.content_type as "contentType", g.created_at as "createdAt"
    from share s
    left join generation g on g.id = s.generation_id
    left join generation_image i on i.generation_id = g.id and i.image = s.image
    where s.id = ${id}`);
  if (!row) throw new Refusal("share.missing");
  if (row.revoked) throw new Refusal("share.gone");
  return row;
}
