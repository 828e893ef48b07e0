import { expect, test } from "vitest";
import { SITE, signInFixture, somebody } from "./auth.fixture.ts";

const { ask, post, read } = signInFixture();

/** Which language was asked for where, and what comes of it. */
const ways: [what: string, body: object, headers: Record<string, string>, lang: string, button: string][] = [
  ["the page to go back to", { callbackURL: "/de/create" }, { "accept-language": "fr" }, "de", "Anmelden"],
  ["the page it is asked from", {}, { referer: `${SITE}/ja/sign-in` }, "ja", "ログイン"],
  ["the browser's", {}, { "accept-language": "ar-EG, en;q=0.8" }, "ar", "تسجيل الدخول"],
  ["none", {}, {}, "en", "Sign in"],
];
test.each(ways)(
  "promise A5: mail and confirmation page are in the language of %s",
  async (_, body, headers, lang, button) => {
    const email = somebody();
    expect((await post("/sign-in/magic-link", { email, ...body }, headers)).status).toBe(200);
    const { mail, link } = await read(email);
    expect(mail?.subject).toMatch(/^\d{6} /);
    expect(mail?.html).toContain(`lang="${lang}"`);
    expect(mail?.text).toContain(button);
    const page = await (await ask(link.slice(`${SITE}/api/auth`.length), { headers })).text();
    expect(page).toContain(`<html lang="${lang}" dir="${lang === "ar" ? "rtl" : "ltr"}">`);
    expect(page).toContain(`<button>${button}</button>`);
  },
);
