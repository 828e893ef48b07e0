import { describe, expect, test } from "vitest";
import type { BehaviourSpec, DistributionSpec } from "../assembly/model.ts";
import { jsonAnswer } from "../gateway/function-response.ts";
import type { Incoming } from "../gateway/incoming.ts";
import { createEdge } from "./edge.ts";
import { matchesPath } from "./path-pattern.ts";

const behaviour = (facts: Partial<BehaviourSpec>): BehaviourSpec => ({
  pattern: "*",
  origins: [{ kind: "api", host: "api" }],
  fallbackOn: [],
  methods: ["GET", "HEAD"],
  viewerRequest: null,
  responseHeaders: [],
  forwards: { headers: [], cookies: [], query: false },
  ...facts,
});
const edgeOf = (
  behaviours: BehaviourSpec[],
  answers: (incoming: Incoming) => ReturnType<typeof jsonAnswer>,
) => {
  const distribution: DistributionSpec = { rootObject: null, behaviours, files: [] };
  return createEdge(distribution, answers);
};
const request = (facts: Partial<Incoming> = {}): Incoming => ({
  ...{
    method: "GET",
    url: "/x",
    headers: {},
    body: Buffer.alloc(0),
    sourceIp: "192.0.2.7",
    httpVersion: "1.1",
  },
  ...facts,
});
const echo = (incoming: Incoming) => jsonAnswer(200, { url: incoming.url, headers: incoming.headers });
const bodyOf = async (answer: Promise<{ body: Buffer }>) => JSON.parse((await answer).body.toString());

test.each([
  ["/api/*", "/api/a/b", true],
  ["/api/*", "/apis", false],
  ["api/*", "/api/x", true],
  ["/a?c", "/abc", true],
  ["/a?c", "/ac", false],
  ["*.js", "/x/y.js", true],
  ["/API/*", "/api/x", false],
  ["/a.c", "/abc", false],
])("the pattern %s and %s: %s", (pattern, path, fits) => {
  expect(matchesPath(pattern, path)).toBe(fits);
});

describe("what is passed on", () => {
  const headers = { cookie: "a=1; b=2", "accept-language": "de", authorization: "Bearer x", host: "site" };

  test("is what the policies name and no more, so that one forgotten is missing here too", async () => {
    const edge = edgeOf(
      [behaviour({ forwards: { headers: ["accept-language"], cookies: ["b"], query: false } })],
      echo,
    );
    expect((await bodyOf(edge(request({ headers })))).headers).toEqual({
      "accept-language": "de",
      cookie: "b=2",
      host: "site",
      "x-forwarded-for": "192.0.2.7, 127.0.0.1",
    });
  });

  test("can be everything; the visitor's address is the last but one, whatever they claim", async () => {
    const edge = edgeOf([behaviour({ forwards: { headers: "all", cookies: "all", query: true } })], echo);
    const claimed = { ...headers, "x-forwarded-for": "203.0.113.9" };
    expect((await bodyOf(edge(request({ headers: claimed })))).headers).toEqual({
      ...headers,
      "x-forwarded-for": "203.0.113.9, 192.0.2.7, 127.0.0.1",
    });
  });
});

describe("which origin answers", () => {
  test("the first behaviour that fits decides", async () => {
    const edge = edgeOf(
      [behaviour({ pattern: "/api/*", methods: ["GET", "POST"] }), behaviour({ pattern: "*" })],
      echo,
    );
    expect((await edge(request({ url: "/api/x", method: "POST" }))).statusCode).toBe(200);
    expect((await edge(request({ url: "/other", method: "POST" }))).statusCode).toBe(403);
  });

  test.each([
    [404, 2],
    [410, 1],
    [500, 1],
  ])("after %i, %i origin(s) were asked", async (statusCode, asked) => {
    let calls = 0;
    const api = { kind: "api", host: "api" } as const;
    const edge = edgeOf([behaviour({ origins: [api, api], fallbackOn: [403, 404] })], () => {
      calls += 1;
      return jsonAnswer(statusCode, "");
    });
    expect((await edge(request())).statusCode).toBe(statusCode);
    expect(calls).toBe(asked);
  });
});

test("a header of a policy is added, and replaces the origin's own only where it overrides", async () => {
  const rules = [
    { name: "X-Frame-Options", value: "DENY", overrides: false },
    { name: "Content-Type", value: "text/plain", overrides: false },
    { name: "Cache-Control", value: "no-store", overrides: true },
  ];
  const answering = () => {
    const answer = jsonAnswer(200, {});
    return { ...answer, headers: { ...answer.headers, "cache-control": "public" } };
  };
  const { headers } = await edgeOf([behaviour({ responseHeaders: rules })], answering)(request());
  expect(headers).toEqual({
    "content-type": "application/json",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
  });
});

describe("a viewer's function", () => {
  const withCode = (viewerRequest: string) => edgeOf([behaviour({ viewerRequest })], echo);

  test("may change path and headers, and the query stays", async () => {
    const edge = withCode("function handler(e) { e.request.uri += '.html'; return e.request; }");
    expect((await bodyOf(edge(request({ url: "/a?b=c" })))).url).toBe("/a.html?b=c");
  });

  test("may answer itself", async () => {
    const edge = withCode(
      "function handler() { return { statusCode: 302, headers: { location: { value: '/en/' } } }; }",
    );
    expect(await edge(request())).toMatchObject({ statusCode: 302, headers: { location: "/en/" } });
  });

  test("that fails is a 503, and can reach nothing of this machine", async () => {
    expect((await withCode("function handler() { return process.env; }")(request())).statusCode).toBe(503);
  });
});
