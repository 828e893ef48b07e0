import { UPLOAD_MAX_BYTES } from "@imgpilot/contract/uploads";
import type { Context } from "../context.ts";
import type { Run } from "../runs/index.ts";

type Stored = NonNullable<Run["order"]>["references"];

/** The bytes of an order's references, or null where one of them is gone: then nothing can be drawn from it. */
export async function loadReferences(
  ctx: Context,
  references: Stored,
): Promise<{ bytes: Uint8Array; contentType: string }[] | null> {
  const loaded = [];
  for (const { key, contentType } of references) {
    const object = await ctx.objects.get(key, UPLOAD_MAX_BYTES);
    if (!object) return null;
    loaded.push({ bytes: object.bytes, contentType });
  }
  return loaded;
}
