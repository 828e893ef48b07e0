/** The part of API Gateway's payload format 2.0 that pages need. */
export type HttpEvent = {
  rawPath: string;
  rawQueryString?: string;
  headers?: Record<string, string | undefined>;
  cookies?: string[];
  body?: string | null;
  isBase64Encoded?: boolean;
  requestContext: { domainName?: string; http: { method: string; sourceIp: string } };
};

export type HttpResult = {
  statusCode: number;
  headers: Record<string, string>;
  cookies: string[];
  body: string;
  isBase64Encoded: boolean;
};

const TEXT =
  /^(text\/|application\/(json|javascript|xml|manifest\+json|ld\+json|problem\+json)|image\/svg\+xml)/;

/**
 * The request as Astro wants it. Its host is the gateway's own: pages make absolute addresses of the configured site
 * alone, so what a caller claims in `Host` is never read.
 */
export function toRequest(event: HttpEvent): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(event.headers ?? {})) {
    if (value !== undefined) headers.set(name, value);
  }
  if (event.cookies?.length) headers.set("cookie", event.cookies.join("; "));
  const query = event.rawQueryString ? `?${event.rawQueryString}` : "";
  const { domainName, http } = event.requestContext;
  const { method } = http;
  const init: RequestInit = { method, headers };
  if (method !== "GET" && method !== "HEAD" && event.body) {
    init.body = event.isBase64Encoded ? Buffer.from(event.body, "base64") : event.body;
  }
  return new Request(`https://${domainName ?? "localhost"}${event.rawPath}${query}`, init);
}

/** The answer as Lambda wants it: text as it is, everything else as base64. */
export async function toResult(response: Response): Promise<HttpResult> {
  const headers = new Headers(response.headers);
  const cookies = headers.getSetCookie();
  headers.delete("set-cookie");
  const isText = TEXT.test(headers.get("content-type") ?? "text/plain") && !headers.has("content-encoding");
  const bytes = Buffer.from(await response.arrayBuffer());
  return {
    statusCode: response.status,
    headers: Object.fromEntries(headers),
    cookies,
    body: bytes.toString(isText ? "utf8" : "base64"),
    isBase64Encoded: !isText,
  };
}
