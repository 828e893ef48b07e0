import { runtime } from "../runtime.ts";

/** The site's address; cookies are taken from its pages alone. */
export const siteUrl = (): string => runtime().setting("SITE_URL");
