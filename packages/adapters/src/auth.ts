import {
  type Caller,
  codeDoor,
  confirmDoor,
  confirmPageDoor,
  type Door,
  requestDoor,
  sessionDoor,
  signOutDoor,
} from "./auth/doors.ts";
import { type Auth, rootOf } from "./auth/engine.ts";
import { problem } from "./auth/problems.ts";

export type { Caller } from "./auth/doors.ts";
export { type Auth, type AuthConfig, createAuth } from "./auth/engine.ts";
export { sessionOf } from "./auth/session.ts";

/** Everything under `/api/auth` that exists. What Better Auth serves besides, no door leads to. */
const DOORS: Readonly<Record<string, Readonly<Record<string, Door>>>> = {
  "/sign-in/magic-link": { POST: requestDoor },
  "/confirm": { GET: confirmPageDoor, HEAD: confirmPageDoor, POST: confirmDoor },
  "/code": { POST: codeDoor },
  "/get-session": { GET: sessionDoor },
  "/sign-out": { POST: signOutDoor },
};

/**
 * Answers `ALL /api/auth/*`: pages to browsers at `/confirm`, else JSON and `application/problem+json`. Throws faults alone,
 * such as a database that cannot be reached: the innermost, so that whoever catches it sees what is down.
 */
export async function handleAuth(auth: Auth, request: Request, caller: Caller = {}): Promise<Response> {
  const doors = DOORS[new URL(request.url).pathname.replace(/^\/api\/auth/, "")];
  if (!doors) return problem("route.missing");
  const door = doors[request.method];
  if (!door) return problem("method.refused", { headers: { allow: Object.keys(doors).join(", ") } });
  try {
    return await door(auth, request, caller);
  } catch (fault) {
    throw rootOf(fault);
  }
}
