import { describe, expect, test } from "vitest";
import { LOCALES, localeOfPath, pageIn, pickLocale, tidied } from "./locales.ts";

describe("pickLocale", () => {
  test.each([
    ["de-AT,de;q=0.9,en;q=0.8", "de"],
    ["zh-TW", "zh"],
    ["nl, fr;q=0.4, ja;q=0.7", "ja"],
    ["en;q=0.1, ar", "ar"],
    ["de;q=0, ko;q=0.2", "ko"],
    ["*", "en"],
    ["tlh", "en"],
    ["", "en"],
    [null, "en"],
    [";;q=,,=;", "en"],
  ])("%s asks for %s", (accepted, locale) => {
    expect(pickLocale(accepted)).toBe(locale);
  });
});

test("a path tells its language by its first part alone", () => {
  for (const locale of LOCALES) expect(localeOfPath(pageIn(locale, "create"))).toBe(locale);
  expect(["/", "/share/de", "/deutsch/create", "/api/de"].map(localeOfPath)).toEqual([
    null,
    null,
    null,
    null,
  ]);
});

test.each([
  ["/de", "/de/"],
  ["/de.html", "/de/"],
  ["/de/create/", "/de/create"],
  ["/de/sign-in/index.html", "/de/sign-in"],
  ["/de/create.html", null],
  ["/de/index.html", null],
  ["/de/", null],
  ["/de/create", null],
  ["/de/no/such/", null],
  ["/de/../create/", null],
  ["/create/", null],
  ["//evil.example/", null],
])("%s is at %s", (path, place) => {
  expect(tidied(path)).toBe(place);
});
