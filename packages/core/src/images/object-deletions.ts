import { sql } from "drizzle-orm";
import type { Context } from "../context.ts";
import type { Db } from "../db/index.ts";

type Due = { key: string; tries: number };

/** A deletion that fails is tried again after 30 s, then twice as long each time, at most 6 hours. */
const backOffSeconds = (tries: number): number => Math.min(30 * 2 ** tries, 21_600);

/** For how long a batch belongs to the job that took it: two jobs at once do not do the same work. */
const LEASE_SECONDS = 120;

/** Takes the objects whose deletion is due, oldest first. */
export async function due(db: Db, limit: number): Promise<Due[]> {
  const rows = await db.execute<Due>(sql`
    update object_deletion set due_at = now() + make_interval(secs => ${LEASE_SECONDS})
    where key in (
      select key from object_deletion where due_at <= now() order by due_at limit ${limit} for update skip locked)
    returning key, tries`);
  return [...rows];
}

/** The store has confirmed that the object is gone. */
export async function confirm(db: Db, key: string): Promise<void> {
  await db.execute(sql`delete from object_deletion where key = ${key}`);
}

/** The store has not: it is asked again later, and for ever (promise R6). */
export async function postpone(db: Db, { key, tries }: Due, cause: string): Promise<void> {
  await db.execute(sql`
    update object_deletion
    set tries = tries + 1, last_error = ${cause.slice(0, 500)}, due_at = now() + make_interval(secs => ${backOffSeconds(tries)})
    where key = ${key}`);
}

/** Removes what is due, in batches, until nothing is or `limit` were tried. One failure does not stop the others. */
export async function removeDue(ctx: Context, limit = 500): Promise<{ removed: number; postponed: number }> {
  const done = { removed: 0, postponed: 0 };
  while (done.removed + done.postponed < limit) {
    const batch = await due(ctx.db, Math.min(50, limit - done.removed - done.postponed));
    if (batch.length === 0) break;
    await Promise.all(
      batch.map(async (object) => {
        const gone = await remove(ctx, object);
        done[gone ? "removed" : "postponed"] += 1;
      }),
    );
  }
  return done;
}

async function remove(ctx: Context, object: Due): Promise<boolean> {
  try {
    await ctx.objects.remove(object.key);
    await confirm(ctx.db, object.key);
    return true;
  } catch (fault) {
    ctx.report(fault, { key: object.key, tries: object.tries, during: "the deletion of an object" });
    await postpone(ctx.db, object, fault instanceof Error ? fault.message : String(fault));
    return false;
  }
}
