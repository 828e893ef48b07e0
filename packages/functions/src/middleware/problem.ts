import { REFUSALS, type RefusalCode } from "@imgpilot/contract/errors";
import type { Problem } from "@imgpilot/contract/problem";
import { Refusal } from "@imgpilot/core/errors";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { logger } from "./logger.ts";
import { isUnavailable } from "./unavailable.ts";

/** A refusal of the door itself, with the headers that it owes. */
export class DoorRefusal extends Refusal {
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: RefusalCode, headers: Readonly<Record<string, string>>, detail?: string) {
    super(code, detail);
    this.headers = headers;
  }
}

const RETRY_SECONDS = 2;

/** What the error is to the caller: itself, a part that is down, or a bug that is nobody else's business. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (isUnavailable(error))
    return new DoorRefusal("service.unavailable", { "retry-after": String(RETRY_SECONDS) });
  return new Refusal("internal");
}

/** RFC 9457. */
export function problemAnswer(refusal: Refusal): APIGatewayProxyStructuredResultV2 {
  const { code, status, message, errors } = refusal;
  const title = REFUSALS[code][1];
  const problem: Problem = {
    type: `urn:imgpilot:problem:${code}`,
    title,
    status,
    code,
    ...(message === title ? {} : { detail: message }),
    ...(errors.length > 0 ? { errors: [...errors] } : {}),
  };
  return {
    statusCode: status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
      ...(refusal instanceof DoorRefusal ? refusal.headers : {}),
    },
    body: JSON.stringify(problem),
  };
}

/** Refusals are the caller's and told in a word; what is ours is told in full. */
export function tell(refusal: Refusal, error: unknown): void {
  if (refusal.status < 500) logger.info("request.refused", { code: refusal.code });
  else logger.error("request.failed", { code: refusal.code, error: error as Error });
}
