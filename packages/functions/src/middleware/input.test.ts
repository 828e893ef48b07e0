import type { RouteSpec } from "@imgpilot/contract/route-spec";
import { ROUTES } from "@imgpilot/contract/routes";
import { Refusal } from "@imgpilot/core/errors";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readInput } from "./input.ts";
import { eventOf } from "./route.fixture.ts";

const ORDER = { model: "nano-banana-2.1", prompt: "a red fox in snow", maxCredits: 4 };
const KEY = { "idempotency-key": "key-1" };
const JSON_TYPE = { "content-type": "application/json" };

/** Header names as the normaliser leaves them. */
const asked = (facts: Omit<Parameters<typeof eventOf>[0], "path">) => {
  const event = eventOf({ method: "POST", path: "/api/generations", ...facts });
  const headers = Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value]);
  return { ...event, headers: Object.fromEntries(headers) };
};

/** The status and code that a request is refused with; for one that is not, what was read. */
function read(route: RouteSpec, event: APIGatewayProxyEventV2) {
  try {
    return readInput(route, event);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return [error.status, error.code];
  }
}
const create = (facts: Omit<Parameters<typeof eventOf>[0], "path">) =>
  read(ROUTES.createGeneration, asked(facts));

describe("what a route takes", () => {
  test("is handed on as its schemas made it: defaults filled in, text trimmed, numbers of a query as numbers", () => {
    expect(create({ headers: KEY, body: { ...ORDER, prompt: "  a red fox in snow " } })).toMatchObject({
      idempotencyKey: "key-1",
      body: { ...ORDER, aspectRatio: "1:1", count: 1, references: [] },
    });
    const list = eventOf({ path: "/api/generations", query: { limit: "7" } });
    expect(read(ROUTES.listGenerations, list)).toMatchObject({ query: { limit: 7 }, idempotencyKey: "" });
    const get = { ...eventOf({ path: "/api/generations/gen_1" }), pathParameters: { id: "gen_1" } };
    expect(read(ROUTES.getGeneration, get)).toMatchObject({ params: { id: "gen_1" }, body: undefined });
  });

  test("may come in base64, as API Gateway hands over what it takes for bytes", () => {
    const event = asked({ headers: KEY, body: ORDER });
    const body = Buffer.from(event.body ?? "").toString("base64");
    expect(read(ROUTES.createGeneration, { ...event, body, isBase64Encoded: true })).toMatchObject({
      body: ORDER,
    });
  });
});

describe("400", () => {
  const errorsOf = (body: object) => {
    try {
      readInput(ROUTES.createGeneration, asked({ headers: KEY, body: { ...ORDER, ...body } }));
    } catch (error) {
      if (error instanceof Refusal && error.code === "request.invalid") return error.errors;
      throw error;
    }
    throw new Error("it was not refused");
  };
  const fieldsOf = (body: object) =>
    errorsOf(body)
      .map(({ path }) => path)
      .sort();

  test("names the fields that are wrong, within lists as well, and at most twenty of them", () => {
    expect(fieldsOf({ count: 9, prompt: "" })).toEqual(["count", "prompt"]);
    expect(fieldsOf({ references: ["ok", "not ok"] })).toEqual(["references.1"]);
    expect(
      fieldsOf({ references: Array(16).fill("?"), count: 0, seed: -1, prompt: "", model: "?", a: 1 }),
    ).toHaveLength(20);
  });

  test("repeats no value that was sent: what is refused may be personal", () => {
    const secret = "a secret of mine";
    const errors = errorsOf({
      model: secret,
      aspectRatio: secret,
      count: secret,
      references: [secret],
      seed: secret,
    });
    expect(errors).toHaveLength(5);
    expect(JSON.stringify(errors)).not.toContain(secret);
  });

  test.each([
    ["none", {}],
    ["an empty one", { "idempotency-key": "" }],
  ])("a call that spends with %s for a key is told that it is missing", (_, headers) => {
    expect(create({ headers, body: ORDER })).toEqual([400, "key.missing"]);
  });

  test.each([" ", "two words", "é", "x".repeat(129)])("a key that is %j is no key", (key) => {
    expect(create({ headers: { "idempotency-key": key }, body: ORDER })).toEqual([400, "request.invalid"]);
  });

  test.each(["", "{", "undefined", "{'a':1}", "\ufeff{}", "[[["])("%j is not JSON", (body) => {
    expect(create({ headers: { ...KEY, ...JSON_TYPE }, body })).toEqual([400, "request.malformed"]);
  });

  test("a body that is nested deeper than any of ours is malformed, however deep it is", () => {
    const nested = (depth: number) => `${'{"a":['.repeat(depth / 2)}${"]}".repeat(depth / 2)}`;
    const deep = (depth: number) => create({ headers: { ...KEY, ...JSON_TYPE }, body: nested(depth) });
    expect(deep(30)).toEqual([400, "request.invalid"]);
    expect(deep(34)).toEqual([400, "request.malformed"]);
    expect(deep(200_000)).toEqual([400, "request.malformed"]);
  });
});

test("413: a body of more than a million bytes is not read, in whatever form it comes", () => {
  const padded = (bytes: number) => `{"prompt":"${"é".repeat((bytes - 13) / 2)}"}`;
  const headers = { ...KEY, ...JSON_TYPE };
  expect(create({ headers, body: padded(1_000_001) })).toEqual([413, "request.too_large"]);
  expect(create({ headers, body: padded(999_999) })).toEqual([400, "request.invalid"]);
  const event = asked({ headers, body: Buffer.alloc(1_000_001).toString("base64") });
  expect(read(ROUTES.createGeneration, { ...event, isBase64Encoded: true })).toEqual([
    413,
    "request.too_large",
  ]);
});

test.each([
  undefined,
  "",
  "text/plain",
  "application/x-www-form-urlencoded",
  "application/jsonp",
  "text/json",
])("415: a body of type %j is not taken, so no form of another site can send one", (type) => {
  const headers: Record<string, string> = type === undefined ? KEY : { ...KEY, "content-type": type };
  expect(create({ headers, body: JSON.stringify(ORDER) })).toEqual([415, "request.unsupported"]);
});

test.each(["application/json", "Application/JSON ; charset=utf-8"])("a body of type %j is taken", (type) => {
  expect(create({ headers: { ...KEY, "content-type": type }, body: JSON.stringify(ORDER) })).toMatchObject({
    body: ORDER,
  });
});

test("no input to any route throws anything but a refusal", () => {
  const text = fc.string({ unit: "binary", maxLength: 40 });
  const values = fc.option(
    fc.dictionary(fc.oneof(text, fc.constantFrom("id", "n", "cursor", "limit", "__proto__")), text),
    {
      nil: undefined,
    },
  );
  const headers = fc.record(
    {
      "content-type": fc.oneof(fc.constant("application/json"), text),
      "idempotency-key": fc.oneof(fc.constant("key-1"), text),
    },
    { requiredKeys: [] },
  );
  const order = fc.record(
    { model: text, prompt: text, count: fc.anything(), maxCredits: fc.anything(), references: fc.anything() },
    { requiredKeys: [] },
  );
  const bodies = fc.option(
    fc.oneof(
      text,
      fc.json(),
      order.map((each) => JSON.stringify(each)),
    ),
    { nil: undefined },
  );
  const routes = fc.constantFrom<RouteSpec>(...Object.values(ROUTES));
  fc.assert(
    fc.property(
      routes,
      headers,
      values,
      values,
      bodies,
      fc.boolean(),
      (route, head, params, query, body, isBase64Encoded) => {
        const event: APIGatewayProxyEventV2 = {
          ...eventOf({ path: "/" }),
          headers: head,
          isBase64Encoded,
          ...(params ? { pathParameters: params } : {}),
          ...(query ? { queryStringParameters: query } : {}),
          ...(body === undefined ? {} : { body }),
        };
        read(route, event);
      },
    ),
    { numRuns: 1_000 },
  );
}, 30_000);
