import { MailNotSent } from "@imgpilot/core/mail";
import type { z } from "zod";
import type { Auth } from "./engine.ts";
import { waitFor } from "./limit-rules.ts";
import { localeOf } from "./locale.ts";
import { confirmPage, refusalPage } from "./pages.ts";
import { findByToken } from "./pending-sign-ins.ts";
import { problem, refusing, worded } from "./problems.ts";
import { ConfirmSignIn, EnterCode, RequestSignIn } from "./requests.ts";
import { sessionOf } from "./session.ts";

const BODY_MAX_CHARACTERS = 10_000;
const MAIL_RETRY_SECONDS = 10;
const FORM = "application/x-www-form-urlencoded";

type Body = { ageConfirmed: boolean; email?: string | undefined };

/** Who knocks, as far as the door knows: counted together with others from the same address. */
export type Caller = { readonly ip?: string };
export type Door = (auth: Auth, request: Request, caller: Caller) => Promise<Response>;

/** Takes JSON of this shape to the endpoint of the same path. */
export const jsonDoor =
  (path: string, schema: z.ZodType<Body>): Door =>
  async (auth, request, caller) => {
    if (typeOf(request) !== "application/json") return problem("request.unsupported");
    const text = await request.text();
    if (text.length > BODY_MAX_CHARACTERS) return problem("request.too_large");
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      return problem("request.malformed");
    }
    return enter(auth, request, caller, path, schema.safeParse(json));
  };

export const requestDoor = jsonDoor("/sign-in/magic-link", RequestSignIn);
export const codeDoor = jsonDoor("/code", EnterCode);
const confirmJsonDoor = jsonDoor("/confirm", ConfirmSignIn);

/** By the page's button, which is answered by pages, or by a program, which is answered in JSON. */
export const confirmDoor: Door = async (auth, request, caller) => {
  if (typeOf(request) !== FORM) return confirmJsonDoor(auth, request, caller);
  const form = new URLSearchParams((await request.text()).slice(0, BODY_MAX_CHARACTERS));
  const parsed = ConfirmSignIn.safeParse({
    token: form.get("token"),
    ageConfirmed: form.has("ageConfirmed"),
  });
  const answer = await enter(auth, request, caller, "/confirm", parsed);
  const body = (await answer.json()) as { callbackURL: string; code: string };
  if (!answer.ok) return refusalPage(localeOf(request.headers), answer.status, body.code);
  const headers = new Headers({ location: body.callbackURL, "cache-control": "no-store" });
  for (const cookie of answer.headers.getSetCookie()) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
};

/** Changes nothing, however often and by whomever it is opened (promise A5). */
export const confirmPageDoor: Door = async ({ engine }, request) => {
  const token = new URL(request.url).searchParams.get("token") ?? "";
  if (!ConfirmSignIn.safeParse({ token }).success)
    return refusalPage(localeOf(request.headers), 400, "request.invalid");
  const { adapter, internalAdapter } = await engine.$context;
  const pending = await findByToken(adapter, token);
  if (!pending) return refusalPage(localeOf(request.headers), 401, "sign_in.invalid");
  // Said to the holder of the mail alone, who may know whether they have an account.
  const asksAge = !pending.ageConfirmed && !(await internalAdapter.findUserByEmail(pending.email));
  const locale = localeOf(request.headers, pending.returnPath);
  return confirmPage({ locale, token, email: pending.email, asksAge });
};

/** `GET /get-session`, which prolongs. Called as a function: over HTTP a database that is down is a 500 without its cause. */
export const sessionDoor: Door = ({ engine }, { headers }) =>
  refusing(async () => {
    const session = await engine.api.getSession({ headers, returnHeaders: true });
    return Response.json(session.response, { headers: session.headers });
  });

/** Better Auth says that it signed out even where it could not, so that is looked at before it is passed on. */
export const signOutDoor: Door = async (auth, request) => {
  const answer = await ask(auth, request);
  const left = answer.ok && (await sessionOf(auth, request.headers));
  if (typeof left === "object") throw new Error("The session outlived its sign-out");
  return answer;
};

async function enter(
  auth: Auth,
  request: Request,
  { ip }: Caller,
  path: string,
  parsed: z.ZodSafeParseResult<Body>,
) {
  if (!parsed.success) {
    const errors = parsed.error.issues.map(({ path: at, message }) => ({ path: at.join("."), message }));
    return problem("request.invalid", { errors });
  }
  const seconds = await waitFor(auth.limits, { path, email: parsed.data.email, ip });
  if (seconds > 0) return problem("rate.limited", { headers: { "retry-after": `${seconds}` } });
  const headers = new Headers(request.headers);
  headers.set("content-type", "application/json");
  headers.delete("content-length");
  const url = new URL(`/api/auth${path}`, auth.siteUrl);
  return ask(auth, new Request(url, { method: "POST", headers, body: JSON.stringify(parsed.data) }));
}

/** Better Auth's own endpoint, its refusals in our words. */
async function ask({ engine, onFault }: Auth, request: Request): Promise<Response> {
  try {
    return await refusing(async () => worded(await engine.handler(request)));
  } catch (error) {
    if (!(error instanceof MailNotSent)) throw error;
    onFault(error);
    return problem("service.unavailable", { headers: { "retry-after": `${MAIL_RETRY_SECONDS}` } });
  }
}

const typeOf = (request: Request) =>
  request.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
