import { defineMiddleware } from "astro:middleware";
import type { APIContext } from "astro";
import { inLocale } from "#strings";
import { isLocale, type Locale, localeOfPath, pickLocale } from "./i18n/locales.ts";

/**
 * Says in which language a page is rendered: the path's, else the one asked for by `?lang=`, else the one chosen
 * before (a cookie that the language switch writes), else the browser's.
 * The body is read within, because strings are looked up while it streams.
 */
export const onRequest = defineMiddleware(async (context, next) => {
  const { pathname } = context.url;
  // Astro's own endpoints, such as its image service: nothing here uses them.
  if (!context.isPrerendered && pathname.startsWith("/_")) return new Response(null, { status: 404 });
  const locale = localeOfPath(pathname) ?? (context.isPrerendered ? "en" : wishedFor(context));
  context.locals.locale = locale;
  return inLocale(locale, async () => {
    const response = await next();
    const page = new Response(await response.text(), response);
    if (!context.isPrerendered) page.headers.append("Vary", "Accept-Language, Cookie");
    return page;
  });
});

function wishedFor({ url, cookies, request }: APIContext): Locale {
  const chosen = [url.searchParams.get("lang"), cookies.get("locale")?.value].find(isLocale);
  return chosen ?? pickLocale(request.headers.get("accept-language"));
}
