import { REFUSALS, type RefusalCode } from "@imgpilot/contract/errors";
import { Refusal } from "@imgpilot/core/errors";
import { DrizzleQueryError } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DoorRefusal, problemAnswer, refusalOf, tell } from "./problem.ts";

const coded = (code: string, facts: object = {}) =>
  Object.assign(new Error("connect 10.0.0.1:5432"), { code, ...facts });
const wrapped = (cause: Error) =>
  new DrizzleQueryError("insert into draft …", ["a red fox\n  in snow"], cause);

describe("503", () => {
  test.each<[string, Error]>([
    ["a database that refuses connections", coded("ECONNREFUSED")],
    ["a connection that was cut", coded("CONNECTION_CLOSED")],
    ["a name that cannot be looked up", coded("EAI_AGAIN")],
    ["a database that is shutting down", coded("57P01")],
    ["a database without room for another connection", coded("53300")],
    ["a lock that was not given in time", coded("55P03")],
    ["a statement that took too long", coded("57014")],
    ["a deadlock", coded("40P01")],
    ["what a query that failed was wrapped in", wrapped(wrapped(coded("ECONNRESET")))],
    ["every address of a host being down", new AggregateError([coded("ECONNREFUSED"), coded("ENETUNREACH")])],
    ["a store that answers 503", Object.assign(new Error(), { $metadata: { httpStatusCode: 503 } })],
    ["a store that asks for less", Object.assign(new Error(), { name: "SlowDown" })],
    ["an engine that is throttled", Object.assign(new Error(), { name: "ThrottlingException" })],
  ])("%s is a part that is down, and worth another try", (_, error) => {
    const answer = problemAnswer(refusalOf(error));
    expect(answer.statusCode).toBe(503);
    expect(answer.headers).toMatchObject({ "retry-after": expect.stringMatching(/^[1-9]\d*$/) });
    expect(answer.body).not.toMatch(/10\.0\.0\.1|select|fox/);
  });
});

describe("500", () => {
  test.each<[string, unknown]>([
    ["a bug", new TypeError("x is not a function")],
    ["a constraint that was broken", coded("23505")],
    ["a statement that is wrong", wrapped(coded("42601"))],
    [
      "a request that the store finds wrong",
      Object.assign(new Error(), { $metadata: { httpStatusCode: 400 } }),
    ],
    ["what is no error", "thrown"],
    ["nothing", undefined],
  ])("%s is ours, is not to be tried again, and is told to nobody", (_, error) => {
    const { headers, body, statusCode } = problemAnswer(refusalOf(error));
    expect(statusCode).toBe(500);
    expect(headers).not.toHaveProperty("retry-after");
    expect(JSON.parse(body ?? "")).toEqual({
      type: "urn:imgpilot:problem:internal",
      title: REFUSALS.internal[1],
      status: 500,
      code: "internal",
    });
  });

  test("an error that names itself as its cause ends all the same", () => {
    const error = new Error("round and round");
    error.cause = error;
    expect(refusalOf(error).code).toBe("internal");
  });
});

describe("every refusal", () => {
  test.each(Object.keys(REFUSALS) as RefusalCode[])(
    "%s is a problem of RFC 9457 that nothing may keep",
    (code) => {
      const refusal = new Refusal(code);
      expect(refusalOf(refusal)).toBe(refusal);
      const { statusCode, headers, body } = problemAnswer(refusal);
      const [status, title] = REFUSALS[code];
      expect(statusCode).toBe(status);
      expect(headers).toMatchObject({
        "content-type": "application/problem+json",
        "cache-control": "no-store",
      });
      expect(JSON.parse(body ?? "")).toEqual({ type: `urn:imgpilot:problem:${code}`, title, status, code });
      // RFC 9110 asks for it with every 401, and allows it with no other.
      expect(headers?.["www-authenticate"]).toBe(status === 401 ? "Bearer" : undefined);
    },
  );

  test("says what is particular about it: detail, fields, headers", () => {
    const errors = [{ path: "count", message: "Too big" }];
    const invalid = problemAnswer(new Refusal("request.invalid", "See below", errors));
    expect(JSON.parse(invalid.body ?? "")).toMatchObject({ detail: "See below", errors });
    const limited = problemAnswer(new DoorRefusal("rate.limited", { "retry-after": "7" }));
    expect(limited.headers).toMatchObject({ "retry-after": "7", "cache-control": "no-store" });
  });
});

describe("the log", () => {
  const lines: string[] = [];
  beforeEach(() => {
    lines.length = 0;
    for (const stream of [process.stdout, process.stderr])
      vi.spyOn(stream, "write").mockImplementation((line) => lines.push(String(line)) > 0);
    for (const method of ["info", "error", "log"] as const)
      vi.spyOn(console, method).mockImplementation((line) => void lines.push(String(line)));
  });
  afterEach(() => void vi.restoreAllMocks());
  const told = (error: Error) => {
    tell(refusalOf(error), error);
    return lines.join("\n");
  };

  test("has a refusal's code and no more: it is the caller's", () => {
    const log = told(new Refusal("request.invalid", "a detail", [{ path: "prompt", message: "a message" }]));
    expect(log).toContain("request.invalid");
    expect(log).not.toMatch(/a detail|a message/);
  });

  test("has what broke on our side with its stack", () => {
    expect(told(new TypeError("x is not a function"))).toMatch(/x is not a function.*problem\.test\.ts/s);
  });

  test("has which query failed and why, but never its parameters or the row: they are what people wrote", () => {
    const detail = "Failing row contains (gen_1, a red fox in snow)";
    const log = told(wrapped(coded("23514", { constraint_name: "one_answer", detail })));
    expect(log).toMatch(/insert into draft.*23514.*one_answer/s);
    expect(log).not.toContain("fox");
  });
});
