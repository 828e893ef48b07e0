import { startMailbox } from "./mailbox.ts";
import { startRedis } from "./redis.ts";
import { startObjects } from "./s3.ts";

/** A parent for `services.service.test.ts` to kill. */
const dir = process.env.FIXTURE_DIR ?? "";
const running = await Promise.all([
  startObjects({ dir: `${dir}/s3`, bucket: "images", accessKeyId: "local", secretAccessKey: "local-secret" }),
  startRedis({ dir: `${dir}/redis` }),
  startMailbox({ dir: `${dir}/mail` }),
]);
process.send?.(running.map(({ url }) => url));
