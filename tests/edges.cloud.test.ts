import { describe, expect, inject, test } from "vitest";
import { SECURITY_HEADERS } from "../site/security.ts";

/** Pages and API behind one address, as the synthesised distribution joins them. */
const { gateway } = inject("endpoints");
const ask = (path: string, headers: Record<string, string> = {}) =>
  fetch(gateway + path, { headers, redirect: "manual" });
const langOf = async (response: Response) => /<html lang="([\w-]+)"/.exec(await response.text())?.[1];

describe("pages", () => {
  test.each([
    ["/", "en"],
    ["/en/", "en"],
    ["/de/create", "de"],
    ["/ar/history", "ar"],
    ["/zh/sign-in", "zh-Hans"],
  ])("%s is a page in %s", async (path, lang) => {
    const response = await ask(path);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(await langOf(response)).toBe(lang);
  });

  test.each([
    ["/fr/nonsense", {}, "fr"],
    ["/nonsense", { "accept-language": "nl, ja;q=0.8, de;q=0.3" }, "ja"],
    ["/no/such/path.html", { cookie: "locale=ko", "accept-language": "de" }, "ko"],
    ["/nonsense", {}, "en"],
  ] as [string, Record<string, string>, string][])(
    "%s is not found, in the visitor's language",
    async (path, headers, lang) => {
      const response = await ask(path, headers);
      expect(response.status).toBe(404);
      expect(response.headers.get("cache-control")).toBe("no-store");
      expect(await langOf(response)).toBe(lang);
    },
  );

  test("a shared page that never was is not found either, as a page", async () => {
    const response = await ask("/share/shr_nope", { "accept-language": "es" });
    expect(response.status).toBe(404);
    expect(await langOf(response)).toBe("es");
  });

  test("scripts and styles have names that never change their content, and may be kept for ever", async () => {
    const [, asset] = /(\/_site\/[^"]+\.(?:js|css))/.exec(await (await ask("/en/create")).text()) ?? [];
    const response = await ask(asset ?? "");
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("public,max-age=31536000,immutable");
    expect((await ask("/en/create")).headers.get("cache-control")).toContain("must-revalidate");
  });
});

describe("the API", () => {
  test.each(["/api/nonsense", "/api/", "/api/generations/x/y", "/api/en/create.html"])(
    "%s is refused as problem+json, and never turned into a page",
    async (path) => {
      const response = await ask(path, { accept: "text/html" });
      expect(response.status).toBe(404);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
      expect(await response.json()).toMatchObject({ code: "route.missing" });
    },
  );

  test("a 403 and a 404 of the API pass the edge as they are", async () => {
    const missing = await ask("/api/shares/shr_nope");
    expect(missing.status).toBe(404);
    expect(await missing.json()).toMatchObject({ code: "share.missing" });
    const refused = await fetch(`${gateway}/api/auth/sign-in/magic-link`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: "https://evil.example" },
      body: JSON.stringify({ email: "ann@imgpilot.test", ageConfirmed: true }),
    });
    expect(refused.status).toBe(403);
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
  });
});

test.each(["/en/", "/nonsense", "/share/shr_nope", "/api/health", "/api/nonsense", "/_site/nope.js"])(
  "%s carries every security header",
  async (path) => {
    const { headers } = await ask(path);
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) expect(headers.get(name)).toContain(value);
  },
);
