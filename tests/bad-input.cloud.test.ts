import { Problem } from "@imgpilot/contract/problem";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { newPerson, ORDER, type Person } from "./support/person.ts";

/** Each answers 4xx problem+json with a code, charges nothing and starts nothing. */
const endpoints = inject("endpoints");
let ann: Person;
beforeAll(async () => {
  ann = await newPerson(endpoints);
});

type Sent = { method?: string; path?: string; body?: BodyInit | null; headers?: Record<string, string> };

async function send({ method = "POST", path = "/api/generations", body, headers = {} }: Sent) {
  const response = await fetch(`${endpoints.gateway}${path}`, {
    method,
    body: body ?? null,
    headers: {
      authorization: `Bearer ${ann.token}`,
      "content-type": "application/json",
      "idempotency-key": crypto.randomUUID(),
      ...headers,
    },
  });
  return { status: response.status, type: response.headers.get("content-type"), text: await response.text() };
}

const order = (changes: object) => JSON.stringify({ ...ORDER, ...changes });
const nested = `${'{"a":'.repeat(2_000)}1${"}".repeat(2_000)}`;

const CASES: [what: string, sent: Sent, status: number, code: string][] = [
  ["an empty prompt", { body: order({ prompt: "" }) }, 400, "request.invalid"],
  ["a prompt of spaces", { body: order({ prompt: "   " }) }, 400, "request.invalid"],
  ["an over-long prompt", { body: order({ prompt: "x".repeat(4_001) }) }, 400, "request.invalid"],
  ["a prompt that is a number", { body: order({ prompt: 7 }) }, 400, "request.invalid"],
  ["a prompt that is a list", { body: order({ prompt: ["a"] }) }, 400, "request.invalid"],
  ["no prompt", { body: order({ prompt: undefined }) }, 400, "request.invalid"],
  ["an unknown model", { body: order({ model: "dall-e-9" }) }, 400, "model.unknown"],
  ["an unknown ratio", { body: order({ aspectRatio: "7:5" }) }, 400, "request.invalid"],
  [
    "a ratio that the model cannot draw",
    { body: order({ model: "flux-kontext-pro", aspectRatio: "4:5" }) },
    400,
    "model.unable",
  ],
  ["an unknown resolution", { body: order({ resolution: "8K" }) }, 400, "request.invalid"],
  [
    "a resolution that the model does not offer",
    { body: order({ model: "flux-kontext-pro", resolution: "4K" }) },
    400,
    "model.unable",
  ],
  ["count 0", { body: order({ count: 0 }) }, 400, "request.invalid"],
  ["count -1", { body: order({ count: -1 }) }, 400, "request.invalid"],
  ["count 1.5", { body: order({ count: 1.5 }) }, 400, "request.invalid"],
  ["count 10^9", { body: order({ count: 1e9 }) }, 400, "request.invalid"],
  ["a reference that is missing", { body: order({ references: ["upl_nothing"] }) }, 400, "reference.missing"],
  ["an unknown field", { body: order({ discount: 100 }) }, 400, "request.invalid"],
  ["no Idempotency-Key", { body: order({}), headers: { "idempotency-key": "" } }, 400, "key.missing"],
  [
    "a wrong session",
    { body: order({}), headers: { authorization: "Bearer nonsense" } },
    401,
    "session.expired",
  ],
  ["no session", { body: order({}), headers: { authorization: "" } }, 401, "session.missing"],
  ["a body that is not JSON", { body: "{prompt: fox" }, 400, "request.malformed"],
  ["no body", {}, 400, "request.malformed"],
  [
    "a body of another type",
    { body: "prompt=fox", headers: { "content-type": "text/plain" } },
    415,
    "request.unsupported",
  ],
  ["a body that is too large", { body: order({ prompt: "x".repeat(2_000_000) }) }, 413, "request.too_large"],
  ["a deeply nested body", { body: nested }, 400, "request.malformed"],
  [
    "an upload of another type",
    {
      path: "/api/uploads",
      body: JSON.stringify({ contentType: "image/svg+xml", bytes: 10, sha256: "0".repeat(64) }),
    },
    400,
    "request.invalid",
  ],
  [
    "an upload that is too large",
    {
      path: "/api/uploads",
      body: JSON.stringify({ contentType: "image/png", bytes: 10_000_001, sha256: "0".repeat(64) }),
    },
    400,
    "request.invalid",
  ],
  [
    "a generation that is not there",
    { method: "GET", path: "/api/generations/gen_nothing" },
    404,
    "generation.missing",
  ],
  ["an unknown address", { method: "GET", path: "/api/nothing" }, 404, "route.missing"],
];

describe("bad input", () => {
  test.each(CASES)("%s", async (_what, sent, status, code) => {
    const answer = await send(sent);
    expect({ status: answer.status, type: answer.type }).toEqual({
      status,
      type: "application/problem+json",
    });
    expect(Problem.parse(JSON.parse(answer.text))).toMatchObject({ status, code });
  });

  test("a reference whose bytes are no image is refused before anything is held", async () => {
    const bytes = new TextEncoder().encode("<svg xmlns='http://www.w3.org/2000/svg'/>");
    const sha256 = Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
    const body = { contentType: "image/png", bytes: bytes.length, sha256 } as const;
    const upload = await ann.client.createUpload({ body });
    expect((await fetch(upload.url, { method: "PUT", headers: upload.headers, body: bytes })).status).toBe(
      200,
    );
    expect(await send({ body: order({ references: [upload.id] }) })).toMatchObject({ status: 400 });
  });

  test("more references than the model takes are refused", async () => {
    const references = Array.from({ length: 2 }, (_, n) => `upl_${n}`);
    expect(await send({ body: order({ model: "flux-kontext-pro", references }) })).toMatchObject({
      status: 400,
    });
  });

  test("after all of it nothing was charged, held or started", async () => {
    expect(await ann.client.getCredits({})).toMatchObject({ available: 20, held: 0 });
    expect((await ann.client.listGenerations({ query: {} })).items).toEqual([]);
  });
});
