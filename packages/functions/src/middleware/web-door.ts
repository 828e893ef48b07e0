import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import httpHeaderNormalizer from "@middy/http-header-normalizer";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { addressOf, headersOf } from "./caller.ts";
import { logger } from "./logger.ts";
import { problemAnswer, refusalOf, tell } from "./problem.ts";

/** A Lambda for what speaks `Request` and `Response` by itself. What it throws is answered as any route's is. */
export function webDoor(siteUrl: () => string, answer: (request: Request, ip: string) => Promise<Response>) {
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(httpHeaderNormalizer())
    .onError((request) => {
      const refusal = refusalOf(request.error);
      tell(refusal, request.error);
      request.response = problemAnswer(refusal);
    })
    .handler(async (event) => toResult(await answer(toRequest(siteUrl(), event), addressOf(event))));
}

/** The address is the site's, whatever host API Gateway was called by: origins are held against it. */
function toRequest(siteUrl: string, event: APIGatewayProxyEventV2): Request {
  const { method } = event.requestContext.http;
  const query = event.rawQueryString ? `?${event.rawQueryString}` : "";
  const hasBody = event.body !== undefined && method !== "GET" && method !== "HEAD";
  return new Request(new URL(event.rawPath + query, siteUrl), {
    method,
    headers: headersOf(event),
    ...(hasBody ? { body: Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8") } : {}),
  });
}

async function toResult(response: Response): Promise<APIGatewayProxyStructuredResultV2> {
  const headers = new Headers(response.headers);
  headers.delete("set-cookie");
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  return {
    statusCode: response.status,
    headers: Object.fromEntries(headers),
    cookies: response.headers.getSetCookie(),
    body: await response.text(),
  };
}
