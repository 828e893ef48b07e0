import { Refusal } from "@imgpilot/core/errors";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressOf, headersOf, refuseOtherSites } from "./caller.ts";
import { eventOf, SITE } from "./route.fixture.ts";

describe("headers", () => {
  test("carry the cookies that API Gateway hands over apart from them", () => {
    const event = eventOf({ path: "/", headers: { accept: "*/*" }, cookies: ["a=1", "b=2"] });
    expect(Object.fromEntries(headersOf(event))).toEqual({ accept: "*/*", cookie: "a=1; b=2" });
    expect(headersOf(eventOf({ path: "/" })).has("cookie")).toBe(false);
  });

  test("that cannot be sent are left out: what somebody writes into one breaks no request", () => {
    const event = eventOf({
      path: "/",
      headers: { accept: "*/*", "user-agent": "雪", "bad name": "1", "": "2" },
    });
    expect(Object.fromEntries(headersOf(event))).toEqual({ accept: "*/*" });
    const text = fc.string({ unit: "binary", maxLength: 10 });
    const anything = fc.dictionary(text, text);
    fc.assert(
      fc.property(anything, fc.array(text), (headers, cookies) => {
        headersOf(eventOf({ path: "/", headers, cookies }));
      }),
    );
  });
});

describe("a request of another site", () => {
  const refused = (headers: Record<string, string>, method = "POST") => {
    try {
      refuseOtherSites(new Headers(headers), method, `${SITE}/`);
      return null;
    } catch (error) {
      return error instanceof Refusal ? error.code : error;
    }
  };

  test.each([
    "https://evil.example",
    "null",
    "http://localhost:3001",
    "http://localhost:3000.evil.example",
    SITE.toUpperCase(),
  ])("403: with a cookie changes nothing for %s", (origin) => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE"])
      expect(refused({ cookie: "session=1", origin }, method)).toBe("origin.refused");
  });

  test("403: nor for one that does not say whose it is", () => {
    expect(refused({ cookie: "session=1" })).toBe("origin.refused");
  });

  test("our own site's goes on, and so does whoever holds a token or only reads", () => {
    expect(refused({ cookie: "session=1", origin: SITE })).toBeNull();
    expect(refused({ authorization: "Bearer 1", origin: "https://elsewhere.example" })).toBeNull();
    expect(refused({ cookie: "session=1", origin: "https://elsewhere.example" }, "GET")).toBeNull();
  });
});

describe("the address that is counted", () => {
  const from = (forwarded: string | undefined) =>
    addressOf(
      eventOf({ path: "/", headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded } }),
    );

  test("is the one that the CDN saw, whatever the client wrote before it", () => {
    expect(from("1.2.3.4, 203.0.113.9, 64.252.0.1")).toBe("203.0.113.9");
    expect(from("203.0.113.9,64.252.0.1")).toBe("203.0.113.9");
  });

  test("is the one that API Gateway saw where no CDN is in between", () => {
    expect(from("203.0.113.9")).toBe("203.0.113.9");
    expect(from(undefined)).toBe("192.0.2.1");
  });
});
