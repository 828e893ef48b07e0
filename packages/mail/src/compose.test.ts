import { LOCALES, type Locale } from "@imgpilot/contract/locales";
import { describe, expect, test } from "vitest";
import { compose } from "./compose.ts";
import { lettersIn } from "./examples.ts";
import { WORDS, type Words } from "./words.ts";

const each = LOCALES.flatMap((locale) =>
  lettersIn(locale).map((letter) => [letter.name, locale, letter] as const),
);
const inEnglish = new Map(lettersIn("en").map((letter) => [letter.name, compose(letter)]));

const linksOf = (html: string) =>
  [...html.matchAll(/href="([^"]+)"/g)].map(([, url = ""]) => url.replaceAll("&amp;", "&"));

/** Every string of a language, by where it stands. */
function stringsOf(words: unknown, at = ""): [string, string][] {
  if (typeof words === "string") return [[at, words]];
  return Object.entries(words as object).flatMap(([key, value]) => stringsOf(value, `${at}/${key}`));
}
const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

describe.each(each)("promise T: the %s mail in %s", (name, locale, letter) => {
  const { subject, text, html } = compose(letter);

  test("says its language and direction, to mail programs that keep the document and to those that do not", () => {
    const tag = locale === "zh" ? "zh-Hans" : locale;
    const dir = locale === "ar" ? "rtl" : "ltr";
    for (const element of ["html", "table"]) {
      const [opening = ""] = new RegExp(`<${element}[^>]*lang="[^>]*>`).exec(html) ?? [];
      expect(opening).toContain(`lang="${tag}"`);
      expect(opening).toContain(`dir="${dir}"`);
    }
  });

  test("says the same in both parts, with every link", () => {
    for (const url of linksOf(html)) expect(text).toContain(url);
    expect(linksOf(html).length > 0).toBe(name !== "account_deleted");
    const shown = html.replaceAll(/<[^>]+>/g, " ");
    for (const line of text
      .split("\n")
      .filter((each) => each && !each.startsWith("http") && each !== "-- ")) {
      const words = line.replace(/:$/, "").split(": ").at(-1)?.replaceAll(/\s+/g, " ") ?? "";
      const plain = shown.replaceAll("&#x27;", "'").replaceAll("&quot;", '"').replaceAll(/\s+/g, " ");
      expect(plain.replace(/(\d{3}) (\d{3})/, "$1$2")).toContain(words);
    }
  });

  test("fetches nothing, runs nothing, and leads to the site alone", () => {
    expect(html).not.toMatch(/<(img|script|link|iframe|object|video)\b|url\(|@import|\son\w+=/i);
    for (const url of linksOf(html)) expect(new URL(url).origin).toBe(letter.siteUrl);
  });

  test("has an appearance for the dark, and no table that a screen reader would take for data but that of facts", () => {
    expect(html).toContain('<meta name="color-scheme" content="light dark"/>');
    expect(html).toContain("@media (prefers-color-scheme:dark)");
    const tables = [...html.matchAll(/<table[^>]*>/g)].map(([table]) => table);
    for (const table of tables) expect(table).toMatch(/role="presentation"|class="facts"/);
  });

  test("leaves nothing unsaid and nothing in English", () => {
    expect(`${subject}${text}${html.replace(/<style>.*?<\/style>/s, "")}`).not.toMatch(
      /\{\w+\}|undefined|NaN|Invalid/,
    );
    if (locale === "en" || name === "promotional") return;
    const english = inEnglish.get(name);
    expect(subject).not.toBe(english?.subject);
    const values = Object.values(letter.data).map(String);
    const lines = (part = "") =>
      part.split("\n").filter((line) => line.includes(" ") && !values.includes(line));
    const shared = lines(text).filter((line) => lines(english?.text).includes(line) && line !== "-- ");
    expect(shared).toEqual([]);
  });
});

describe("every language", () => {
  const strings = (locale: Locale): Map<string, string> => new Map(stringsOf(WORDS[locale] satisfies Words));

  test.each(LOCALES)("promise T: %s says as much as English, with the same values in it", (locale) => {
    const own = strings(locale);
    const tokens = (words: Words) =>
      Object.entries(words.letters).map(([name, letter]) => [
        name,
        placeholders(JSON.stringify(letter)),
        Object.keys(letter).sort(),
      ]);
    expect(tokens(WORDS[locale])).toEqual(tokens(WORDS.en));
    expect([...own].filter(([, text]) => text.trim() === "")).toEqual([]);
  });
});

test("what people wrote stays text: a prompt with markup in it is shown, not obeyed", () => {
  const prompt = `<img src=x onerror=alert(1)><a href="https://evil.example">\r\nBcc: b@example.com</a>`;
  const data = { generationId: `"><script>`, prompt, images: 1, charged: 4 };
  const { html, subject } = compose({
    name: "generation_finished",
    data,
    locale: "en",
    siteUrl: "https://imgpilot.example",
    unsubscribeUrl: "https://imgpilot.example/u",
  });
  expect(html).not.toMatch(/<img|<script|href="https:\/\/evil/);
  expect(html).toContain("&lt;img src=x onerror=alert(1)&gt;");
  const promotional = { subject: "Hi\r\nBcc: b@example.com", text: ["x"], action: "Go", path: "/en/create" };
  const mail = {
    name: "promotional",
    locale: "en",
    siteUrl: "https://imgpilot.example",
    unsubscribeUrl: "https://imgpilot.example/u",
  } as const;
  expect(compose({ ...mail, data: promotional }).subject).toBe("Hi Bcc: b@example.com");
  expect(() => compose({ ...mail, data: { ...promotional, path: "//evil.example" } })).toThrow("site alone");
  expect(subject).not.toContain("\n");
});

test("promise S5: mails that a person can end say how, to people and to mail programs (RFC 8058); others do not", () => {
  for (const letter of lettersIn("en")) {
    const { headers, text } = compose(letter);
    if (["promotional", "generation_finished", "credits_low"].includes(letter.name)) {
      expect(headers).toEqual({
        "List-Unsubscribe": `<${letter.unsubscribeUrl}>`,
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
      });
      expect(text).toContain(letter.unsubscribeUrl);
      expect(() => compose({ ...letter, unsubscribeUrl: undefined })).toThrow("needs an address");
    } else {
      expect(headers).toBeUndefined();
      expect(text).not.toContain(letter.unsubscribeUrl);
    }
  }
});

test("promise B4: a receipt names the amount in its currency, whatever its smallest unit", () => {
  const receipt = (currency: string, amount: number) => {
    const data = {
      product: "Pro",
      credits: 10,
      amount,
      currency,
      reference: "in_1",
      paidAt: "2026-01-02T03:04:05Z",
    };
    return compose({ name: "receipt", data, locale: "en", siteUrl: "https://imgpilot.example" }).text;
  };
  expect(receipt("EUR", 1999)).toContain("€19.99");
  expect(receipt("JPY", 1999)).toContain("¥1,999");
});
