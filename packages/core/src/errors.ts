import { REFUSALS, type RefusalCode } from "@imgpilot/contract/errors";

/**
 * A refusal that the caller can act on. Anything else that is thrown is a bug, and answers 500.
 *
 * The code doubles as the error's name, so one word serves the HTTP body, the logs and the workflow's rules, and
 * survives minification, which a class name does not.
 */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly errors: readonly { path: string; message: string }[];

  constructor(code: RefusalCode, detail?: string, errors: Refusal["errors"] = []) {
    super(detail ?? REFUSALS[code][1]);
    this.code = code;
    this.name = code;
    this.errors = errors;
  }

  get status(): number {
    return REFUSALS[this.code][0];
  }
}
