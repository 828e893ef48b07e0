import { handleAuth } from "@imgpilot/adapters/auth";
import { webDoor } from "../middleware/web-door.ts";
import { openIdentity } from "../parts/identity.ts";
import { mail } from "../parts/mail.ts";
import { once } from "../parts/once.ts";
import { siteUrl } from "../parts/site.ts";

const identity = once(() => openIdentity(mail));

/** Signing in and out: everything under `/api/auth`. */
export const handler = webDoor(siteUrl, async (request, ip) => handleAuth(await identity(), request, { ip }));
