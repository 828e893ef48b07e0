import { sql } from "drizzle-orm";
import type { Db } from "../db/index.ts";
import { verb } from "../db/verb.ts";
import type { Wish } from "./letters.ts";

/**
 * Remembers whether a person wants such mails (promise S5). Said again it changes nothing; about an account that is gone
 * it is nothing. Mails that wait already are not sent against it.
 */
export async function set(db: Db, accountId: string, wish: Wish, wanted: boolean): Promise<void> {
  await verb(
    db,
    sql`insert into mail_wish (account_id, wish, wanted)
      select id, ${wish}, ${wanted} from account where id = ${accountId}
      on conflict (account_id, wish) do update set wanted = excluded.wanted, changed_at = clock_timestamp()
      where mail_wish.wanted <> excluded.wanted`,
  );
}
