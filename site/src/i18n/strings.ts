import { AsyncLocalStorage } from "node:async_hooks";
import { overwriteGetLocale } from "../paraglide/runtime.js";
import type { Locale } from "./locales.ts";

export { m } from "../paraglide/messages.js";

/**
 * Strings while a page is rendered: every locale is at hand, and the one to use travels with the request.
 * In the browser `#strings` is strings.browser.ts, which loads the page's own language alone.
 */
const current = new AsyncLocalStorage<Locale>();
overwriteGetLocale(() => locale());

export const inLocale = <T>(locale: Locale, render: () => T): T => current.run(locale, render);

export const locale = (): Locale => current.getStore() ?? "en";
