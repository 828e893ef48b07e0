import { createViewerFunction } from "@imgpilot/localcloud/edge/viewer-function";
import { synthesised } from "@imgpilot/testkit/assembly";
import { describe, expect, test } from "vitest";
import { SECURITY_HEADERS } from "../site/security.ts";

/** The distribution as it was synthesised. That it is a distribution without error pages is what reading it asserts. */
const { distribution } = synthesised().assembly;
if (!distribution) throw new Error("there is no distribution");
const behaviourOf = (pattern: string) =>
  distribution.behaviours.find((behaviour) => behaviour.pattern === pattern);

describe("behaviours", () => {
  test("the API and shared pages are asked each time, with all that the visitor sent", () => {
    for (const pattern of ["/api/*", "/share/*"])
      expect(behaviourOf(pattern)).toMatchObject({
        origins: [{ kind: "api" }],
        fallbackOn: [],
        forwards: { headers: "all", cookies: "all", query: true },
      });
  });

  test("the API takes every method, pages only reading ones", () => {
    expect(behaviourOf("/api/*")?.methods).toEqual(
      expect.arrayContaining(["POST", "PUT", "PATCH", "DELETE"]),
    );
    for (const pattern of ["/share/*", "/_site/*", "*"])
      expect(behaviourOf(pattern)?.methods).toEqual(["GET", "HEAD"]);
  });

  test("a page that is no file is asked of the site's Lambda; a refusal of the API is never turned into a page", () => {
    expect(behaviourOf("*")).toMatchObject({
      origins: [{ kind: "files" }, { kind: "api" }],
      fallbackOn: [403, 404],
    });
    expect(behaviourOf("/api/*")?.fallbackOn).toEqual([]);
  });

  test("every answer carries the security headers of the one constant, unless it says otherwise itself", () => {
    for (const { responseHeaders } of distribution.behaviours) {
      const given = Object.fromEntries(responseHeaders.map(({ name, value }) => [name, value]));
      expect(given).toEqual(SECURITY_HEADERS);
      expect(responseHeaders.filter(({ overrides }) => overrides)).toEqual([]);
    }
  });
});

describe("the viewer's function", () => {
  const view = createViewerFunction(behaviourOf("*")?.viewerRequest ?? "");
  const ask = (url: string, headers: Record<string, string> = {}) => {
    const viewed = view({
      method: "GET",
      url,
      headers,
      body: Buffer.alloc(0),
      sourceIp: "192.0.2.1",
      httpVersion: "1.1",
    });
    if (!("incoming" in viewed)) throw new Error(viewed.answer.body.toString());
    return viewed.incoming;
  };

  test.each([
    ["/", "/index.html"],
    ["/en/", "/en/index.html"],
    ["/en/create", "/en/create.html"],
    ["/en/create?draft=1", "/en/create.html?draft=1"],
    ["/favicon.svg", "/favicon.svg"],
    ["/.well-known/security", "/.well-known/security"],
  ])("%s is the file %s", (url, file) => {
    expect(ask(url).url).toBe(file);
  });

  test.each([
    ["the one chosen before", { cookie: "a=b; locale=ko", "accept-language": "de" }, "ko"],
    ["the browser's, by its own order", { "accept-language": "fr;q=0.5, de-AT;q=0.9" }, "de"],
    ["one of ours", { "accept-language": "nl, ar;q=0.1" }, "ar"],
    ["English, where none fits", { "accept-language": "nl;q=1, xx" }, "en"],
    ["English, where nothing is said or it is nonsense", { "accept-language": ";;q=,," }, "en"],
    ["no language that is not ours", { cookie: "locale=nl" }, "en"],
  ])("a cache keeps a page once for each of our languages: %s", (_, headers, locale) => {
    expect(ask("/nope", headers).headers["accept-language"]).toBe(locale);
  });
});
