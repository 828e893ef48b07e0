const YEAR_SECONDS = 31_536_000;

/**
 * With the session's cookie, these two are all that the site ever writes to a browser (promise A3). The theme is for the
 * browser alone; the locale is a cookie, because pages that are made on demand must know it too.
 */
export function rememberTheme(theme: "light" | "dark"): void {
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // A private window may refuse; the choice then lasts as long as the page.
  }
}

export function rememberLocale(locale: string): void {
  const secure = location.protocol === "https:" ? "; secure" : "";
  // The Cookie Store API, which would say this better, is younger than the browsers that we serve.
  Object.assign(document, {
    cookie: `locale=${locale}; path=/; max-age=${YEAR_SECONDS}; samesite=lax${secure}`,
  });
}
