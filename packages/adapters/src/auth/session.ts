import { type Auth, rootOf } from "./engine.ts";

/**
 * Whose session a cookie or a bearer token stands for. `expired`: something was presented that stands for none, be it over,
 * signed out or forged. Throws when the database cannot be reached.
 */
export async function sessionOf(
  { engine }: Auth,
  headers: Headers,
): Promise<{ userId: string; email: string } | "missing" | "expired"> {
  const { authCookies } = await engine.$context;
  const hasBearer = /^bearer\s+\S/i.test(headers.get("authorization") ?? "");
  const hasCookie = headers.get("cookie")?.includes(`${authCookies.sessionToken.name}=`);
  if (!hasBearer && !hasCookie) return "missing";
  // Not prolonged here: there is no response to carry the new cookie. `GET /api/auth/get-session` prolongs.
  const found = await engine.api
    .getSession({ headers, query: { disableRefresh: true } })
    .catch((error: Error) => {
      throw rootOf(error);
    });
  return found ? { userId: found.user.id, email: found.user.email } : "expired";
}
