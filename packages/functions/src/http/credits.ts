import { Credits } from "@imgpilot/core/credits";
import { Download, noun, type Request, type Services } from "../middleware/route.ts";
import { contextOf } from "../parts/context.ts";
import { limits } from "../parts/limits.ts";
import { signedIn } from "../parts/sessions.ts";
import { siteUrl } from "../parts/site.ts";

/** What a person has to spend, and the books that say why. */
export const credits = (services: Services) =>
  noun(services, {
    getCredits: async ({ ctx, person }) => ({ body: await Credits.balance(ctx.db, person.accountId) }),

    listEntries: async ({ ctx, person: { accountId }, query: { format, limit, cursor } }) => {
      if (format !== "json") return download({ accountId, ctx, format, limit, cursor });
      const before = cursor === undefined ? undefined : Number(cursor);
      return { body: await Credits.statement(ctx.db, { accountId, before, limit }) };
    },
  });

type Asked = Request<"listEntries">["query"] & {
  readonly ctx: Request<"listEntries">["ctx"];
  readonly accountId: string;
  readonly format: "jsonl" | "csv";
};

const TYPES = { jsonl: "application/jsonl", csv: "text/csv" } as const;

/** A part of the journal as a file; `Link` leads to the next, as an address beside this one. */
async function download({ ctx, accountId, format, limit, cursor }: Asked) {
  const after = cursor === undefined ? undefined : Number(cursor);
  const { lines, next } = await Credits.journal(ctx.db, { accountId, after, limit });
  const text =
    format === "csv" ? Credits.csvOf(lines, cursor === undefined) : lines.map((line) => `${line}\n`).join("");
  const name = `imgpilot-credits${cursor === undefined ? "" : `-after-${cursor}`}.${format}`;
  const more = new URLSearchParams({
    format,
    cursor: String(next),
    ...(limit ? { limit: String(limit) } : {}),
  });
  return {
    body: new Download({ name, type: TYPES[format], text }),
    ...(next === null ? {} : { headers: { link: `</api/credits/entries?${more}>; rel="next"` } }),
  };
}

export const handler = credits({ context: contextOf({}), limits, siteUrl, signedIn });
