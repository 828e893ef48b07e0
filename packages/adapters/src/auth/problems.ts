import { REFUSALS, type RefusalCode } from "@imgpilot/contract/errors";
import type { Problem } from "@imgpilot/contract/problem";
import { Refusal } from "@imgpilot/core/errors";
import { isAPIError } from "better-auth/api";

type More = { readonly errors?: Problem["errors"]; readonly headers?: Record<string, string> };

/** RFC 9457, as every refusal of the API is answered. */
export function problem(code: RefusalCode, { errors, headers }: More = {}): Response {
  const [status, title] = REFUSALS[code];
  const body: Problem = {
    type: `urn:imgpilot:problem:${code}`,
    title,
    status,
    code,
    ...(errors ? { errors } : {}),
  };
  return Response.json(body, {
    status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
      ...headers,
    },
  });
}

/** Refusals are answers: ours, and Better Auth's that are thrown. What else is thrown is a fault, and goes on. */
export async function refusing(act: () => Promise<Response>): Promise<Response> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Refusal) return problem(error.code);
    const code = isAPIError(error) ? BY_STATUS[error.statusCode] : undefined;
    if (!code) throw error;
    return problem(code);
  }
}

/** What Better Auth answered, its refusals in our words. @throws where it says that something broke */
export function worded(answer: Response): Response {
  if (answer.ok) return answer;
  const code = BY_STATUS[answer.status];
  if (!code) throw new Error(`Better Auth answered ${answer.status}`);
  return problem(code);
}

const BY_STATUS: Readonly<Record<number, RefusalCode>> = {
  400: "request.invalid",
  401: "session.missing",
  403: "origin.refused",
  404: "route.missing",
  405: "method.refused",
  415: "request.unsupported",
};
