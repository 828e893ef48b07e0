import { describe, expect, test } from "vitest";
import { type HttpEvent, toRequest, toResult } from "../adapter/payload.ts";

const event = (more: Partial<HttpEvent> = {}): HttpEvent => ({
  rawPath: "/share/x",
  requestContext: { domainName: "lambda.example", http: { method: "GET", sourceIp: "192.0.2.1" } },
  ...more,
});

describe("a request", () => {
  test("carries path, query, headers and cookies", () => {
    const request = toRequest(
      event({
        rawQueryString: "lang=de&q=%20",
        headers: { "accept-language": "ja" },
        cookies: ["locale=ar", "a=b"],
      }),
    );
    expect(request.url).toBe("https://lambda.example/share/x?lang=de&q=%20");
    expect(request.headers.get("accept-language")).toBe("ja");
    expect(request.headers.get("cookie")).toBe("locale=ar; a=b");
  });

  test("does not believe what a caller says about the host", () => {
    const headers = { host: "evil.example", "x-forwarded-host": "evil.example" };
    expect(new URL(toRequest(event({ headers })).url).host).toBe("lambda.example");
  });

  test("has a body where it was sent one", async () => {
    const post = { domainName: "lambda.example", http: { method: "POST", sourceIp: "192.0.2.1" } };
    const body = Buffer.from("a=1").toString("base64");
    expect(await toRequest(event({ requestContext: post, body, isBase64Encoded: true })).text()).toBe("a=1");
    expect(await toRequest(event({ body: "ignored" })).text()).toBe("");
  });
});

describe("an answer", () => {
  test("is text as it is, with its cookies apart", async () => {
    const headers = new Headers({ "content-type": "text/html", "x-a": "b" });
    headers.append("set-cookie", "a=1");
    headers.append("set-cookie", "b=2");
    expect(await toResult(new Response("é", { status: 410, headers }))).toEqual({
      statusCode: 410,
      headers: { "content-type": "text/html", "x-a": "b" },
      cookies: ["a=1", "b=2"],
      body: "é",
      isBase64Encoded: false,
    });
  });

  test("is base64 where it is bytes", async () => {
    const bytes = new Response(new Uint8Array([255, 0]), { headers: { "content-type": "image/png" } });
    expect(await toResult(bytes)).toMatchObject({ body: "/wA=", isBase64Encoded: true });
  });
});
