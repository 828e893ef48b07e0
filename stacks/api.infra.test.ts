import { synthesised } from "@imgpilot/testkit/assembly";
import { expect, test } from "vitest";

const { assembly, functions } = synthesised();
const routes = assembly.api?.routes ?? [];

/** `api.md`, as far as it is built. */
const SURFACE: Record<string, string> = {
  "GET /api/health": "http-catalogue",
  "GET /api/models": "http-catalogue",
  "GET /api/openapi.json": "http-catalogue",
  "ANY /api/auth/{proxy+}": "http-auth",
  "POST /api/uploads": "http-uploads",
  "POST /api/quotes": "http-generations",
  "POST /api/generations": "http-generations",
  "GET /api/generations": "http-generations",
  "GET /api/generations/{id}": "http-generations",
  "POST /api/generations/{id}/cancel": "http-generations",
  "POST /api/generations/{id}/images/{n}/retry": "http-generations",
  "DELETE /api/generations/{id}": "http-generations",
  "GET /api/credits": "http-credits",
  "GET /api/credits/entries": "http-credits",
  "PUT /api/generations/{id}/images/{n}/share": "http-shares",
  "DELETE /api/generations/{id}/images/{n}/share": "http-shares",
  "GET /api/shares/{id}": "http-shares",
  "GET /api/shares/{id}/image": "http-shares",
  "POST /api/drafts": "http-drafts",
  "GET /api/drafts/{id}": "http-drafts",
  "GET /api/status": "http-status",
  "ANY /api/mail/unsubscribe": "http-mail",
  "POST /api/prompts/describe": "http-prompts",
  "POST /api/prompts/improve": "http-prompts",
  // Whatever else is asked of the API is refused in our words, `route.missing`, and not in API Gateway's.
  "ANY /api/{proxy+}": "http-catalogue",
  $default: "site",
};

test("the routes of api.md lead to the function of their noun, and there are no others", () => {
  const names = new Map(
    assembly.functions.map(({ arn, name }) => [arn, name.replace("imgpilot-local-", "")]),
  );
  expect(Object.fromEntries(routes.map(({ key, functionArn }) => [key, names.get(functionArn)]))).toEqual(
    SURFACE,
  );
});

test("a function that answers HTTP ends before API Gateway gives up on it", () => {
  for (const name of new Set(Object.values(SURFACE)))
    for (const { timeoutMs } of routes)
      expect(functions.get(name)?.timeoutSeconds).toBeLessThan(timeoutMs / 1_000);
});

test("the API allows no other origin: pages and API share one", () => {
  expect(assembly.api?.cors).toBeNull();
});
