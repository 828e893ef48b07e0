import { describe, expect, test } from "vitest";
import { type Call, networkError, reasonWord, statusError } from "./errors.ts";
import { durationSeconds, retryAfterOf } from "./retry-after.ts";

const SUBMIT: Call = { who: "Google", phase: "submit" };
const POLL: Call = { who: "Google", phase: "poll" };
const failedFetch = (cause: object) =>
  Object.assign(new TypeError("fetch failed"), { cause: Object.assign(new Error(), cause) });

describe("a network failure", () => {
  test.each([
    { code: "ECONNREFUSED" },
    { code: "ENOTFOUND", syscall: "getaddrinfo" },
    { code: "EAI_AGAIN" },
    { code: "ECONNRESET", syscall: "connect" },
    { code: "ETIMEDOUT", syscall: "connect" },
    { code: "UND_ERR_CONNECT_TIMEOUT" },
    { code: "ERR_TLS_CERT_ALTNAME_INVALID" },
    { code: "CERT_HAS_EXPIRED" },
    { code: "UND_ERR_SOCKET", socket: { bytesWritten: 0 } },
  ])("before anything was sent is an outage, and free: %j", (cause) => {
    expect(networkError(SUBMIT, failedFetch(cause))).toMatchObject({
      kind: "overloaded",
      maybeBilled: false,
      final: true,
    });
    expect(networkError(POLL, failedFetch(cause))).toMatchObject({
      kind: "overloaded",
      maybeBilled: true,
      final: false,
    });
  });

  test.each([
    { code: "ECONNRESET", syscall: "read" },
    { code: "EPIPE", syscall: "write" },
    { code: "UND_ERR_SOCKET", socket: { bytesWritten: 812 } },
    { code: "UND_ERR_HEADERS_TIMEOUT" },
    { code: "UND_ERR_BODY_TIMEOUT" },
    {},
  ])(
    "after it, or at an unknown moment, may have been paid for and is never retried blindly: %j",
    (cause) => {
      expect(networkError(SUBMIT, failedFetch(cause))).toMatchObject({
        kind: "timeout",
        maybeBilled: true,
        final: true,
      });
    },
  );
});

test.each([
  [400, "invalid_input"],
  [401, "auth"],
  [402, "quota"],
  [403, "auth"],
  [404, "model_gone"],
  [408, "overloaded"],
  [409, "bad_response"],
  [413, "invalid_input"],
  [422, "invalid_input"],
  [429, "rate_limited"],
  [500, "overloaded"],
  [502, "overloaded"],
  [503, "overloaded"],
  [504, "timeout"],
  [529, "overloaded"],
])("HTTP %i alone means %s", (status, kind) => {
  expect(statusError(SUBMIT, status)).toMatchObject({ kind, name: `provider.${kind}` });
});

describe("the delay that a provider asks for", () => {
  const NOW = Date.parse("2026-11-22T10:00:00Z");
  test.each([
    [{ "retry-after": "1" }, 1],
    [{ "retry-after": "0" }, 0],
    [{ "retry-after": "1.2" }, 2],
    [{ "retry-after-ms": "350" }, 1],
    [{ "retry-after-ms": "2000", "retry-after": "9" }, 2],
    [{ "retry-after": "Sun, 22 Nov 2026 10:00:30 GMT" }, 30],
    [{ "retry-after": "Sun, 22 Nov 2026 09:00:00 GMT" }, 0],
    [{ "retry-after": "1e308" }, null],
    [{ "retry-after": "99999999999999" }, 2_592_000],
    [{ "retry-after": "-5" }, null],
    [{ "retry-after": "soon" }, null],
    [{ "retry-after": "" }, null],
    [{}, null],
  ])("in headers %j is %s whole seconds", (headers, seconds) => {
    expect(retryAfterOf(new Headers(headers as Record<string, string>), NOW)).toBe(seconds);
  });

  test.each([
    ["46s", 46],
    ["0.25s", 1],
    ["36000s", 36_000],
    ["46", null],
    ["-3s", null],
  ])("in RetryInfo %j is %s", (duration, seconds) => {
    expect(durationSeconds(duration)).toBe(seconds);
  });
});

test.each([
  ["HARM_CATEGORY_HATE_SPEECH", "hate_speech"],
  ["Derivative Works Filter", "derivative_works_filter"],
  ["a sentence that goes on and quotes the whole prompt of a person", null],
  ["<script>", "script"],
  ["", null],
])("a reason is kept as a category only: %j is %j", (text, word) => {
  expect(reasonWord(text)).toBe(word);
});
