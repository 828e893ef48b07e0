import { freshDatabase } from "@imgpilot/testkit/postgres";
import { expect, test } from "vitest";
import { Drafts } from "./index.ts";

const database = freshDatabase();

test("a prompt is kept for an hour, for whoever has its id", async () => {
  const { id, expiresAt } = await Drafts.keep(database.db, "a red fox");
  expect(await Drafts.get(database.db, id)).toEqual({ prompt: "a red fox" });
  const minutes = (Date.parse(expiresAt) - Date.now()) / 60_000;
  expect(Math.round(minutes)).toBe(60);
});

test("after its hour it is missing, and then deleted", async () => {
  const { id } = await Drafts.keep(database.db, "a red fox");
  const { id: young } = await Drafts.keep(database.db, "an owl");
  await database.owner`update draft set expires_at = now() where id = ${id}`;

  await expect(Drafts.get(database.db, id)).rejects.toMatchObject({ code: "draft.missing", status: 404 });
  expect(await Drafts.forget(database.db)).toBe(1);
  expect(await database.owner`select 1 from draft where id = ${id}`).toHaveLength(0);
  expect(await Drafts.get(database.db, young)).toEqual({ prompt: "an owl" });
});
