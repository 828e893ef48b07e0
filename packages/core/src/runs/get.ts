import type { AspectRatio, Resolution } from "@imgpilot/contract/catalogue";
import { asc, eq } from "drizzle-orm";
import { creditHold } from "../credits/credits.sql.ts";
import type { Db } from "../db/index.ts";
import { generation, generationReference, run, upload } from "./runs.sql.ts";
import type { Run, RunOrder } from "./types.ts";

/** A run with what it draws; null where there is no such run. */
export async function get(db: Db, runId: string): Promise<Run | null> {
  const [found] = await db
    .select({ run, hold: creditHold.state, generation })
    .from(run)
    .leftJoin(creditHold, eq(creditHold.id, run.id))
    .leftJoin(generation, eq(generation.id, run.generationId))
    .where(eq(run.id, runId));
  if (!found) return null;
  const { id, generationId, accountId, images, pricePerImage, routes, settledAt, dispatchedAt } = found.run;
  return {
    id,
    generationId,
    accountId,
    images,
    pricePerImage,
    routes,
    isOpen: found.hold === "held" && settledAt === null,
    dispatchedAt: dispatchedAt?.toISOString() ?? null,
    order: found.generation && {
      ...orderOf(found.generation),
      references: await references(db, generationId),
    },
  };
}

function orderOf(row: typeof generation.$inferSelect): Omit<RunOrder, "references"> {
  const { model, prompt, seed, fallback } = row;
  // Both were checked against the catalogue when the generation was asked for.
  const aspectRatio = row.aspectRatio as AspectRatio;
  return { model, prompt, aspectRatio, resolution: row.resolution as Resolution, seed, fallback };
}

const references = (db: Db, generationId: string): Promise<RunOrder["references"]> =>
  db
    .select({ uploadId: upload.id, key: upload.key, contentType: upload.contentType })
    .from(generationReference)
    .innerJoin(upload, eq(upload.id, generationReference.uploadId))
    .where(eq(generationReference.generationId, generationId))
    .orderBy(asc(generationReference.position));
