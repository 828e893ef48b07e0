/**
 * What pages may load, in one place. Astro writes `PAGE_POLICY` into every page, together with the hashes of the few
 * inline lines that islands need; `SECURITY_HEADERS` are what a page cannot say about itself and the edge must add.
 * `objects` is the origin of signed addresses; on one machine its port is not known when pages are built.
 */
export const pagePolicy = (objects: string) =>
  [
    "default-src 'none'",
    `img-src 'self' blob: ${objects}`,
    `connect-src 'self' ${objects}`,
    "font-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
  ] as const;

export const SECURITY_HEADERS = {
  "Content-Security-Policy": "frame-ancestors 'none'; object-src 'none'; base-uri 'none'",
  "Strict-Transport-Security": "max-age=63072000; includeSubDomains; preload",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
} as const;
