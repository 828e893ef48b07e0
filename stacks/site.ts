import { readFileSync } from "node:fs";
import path from "node:path";
import { LOCALES } from "@imgpilot/contract/locales";
import {
  AllowedMethods,
  CacheCookieBehavior,
  CacheHeaderBehavior,
  CachePolicy,
  CacheQueryStringBehavior,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  type IOrigin,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from "aws-cdk-lib/aws-cloudfront";
import { HttpOrigin, OriginGroup, S3BucketOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import { BlockPublicAccess, Bucket } from "aws-cdk-lib/aws-s3";
import { Duration, RemovalPolicy } from "aws-cdk-lib/core";
import { type Api as HttpApi, type Stack, type StackContext, StaticSite, use } from "sst/constructs";
import { SECURITY_HEADERS } from "../site/security.ts";
import { Api } from "./api.ts";

/** A deployment empties the edge, so it may keep pages for a day; a browser asks each time. Hashed names never change. */
const CACHE_RULES = [
  { files: "**", cacheControl: "public,max-age=0,s-maxage=86400,must-revalidate" },
  { files: "_site/**", cacheControl: "public,max-age=31536000,immutable" },
];

/**
 * The site's edge. Pages are files in a bucket; what is not there is asked of the site's Lambda, which the API's `$default`
 * route leads to. The distribution replaces no error by a page: a refusal of `/api` stays a refusal.
 *
 *     /api/*, /share/*  ─▶ API
 *     /_site/*          ─▶ bucket (hashed names, kept for ever)
 *     everything else   ─▶ bucket ─ 403, 404 ─▶ API
 */
export function Site({ stack }: StackContext) {
  const { api } = use(Api);
  const bucket = new Bucket(stack, "site-files", {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    // Nothing is lost: it holds what a build makes again.
    removalPolicy: RemovalPolicy.DESTROY,
    autoDeleteObjects: true,
  });
  const site = new StaticSite(stack, "site", {
    path: "site/dist/client",
    assets: { fileOptions: CACHE_RULES },
    cdk: {
      bucket,
      distribution: {
        errorResponses: [],
        ...behaviours(stack, S3BucketOrigin.withOriginAccessControl(bucket), originOf(stack, api)),
      },
    },
  });
  stack.addOutputs({ SiteUrl: site.url });
  return { site };
}

const originOf = (stack: Stack, api: HttpApi) =>
  new HttpOrigin(`${api.httpApiId}.execute-api.${stack.region}.amazonaws.com`, {
    protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
    readTimeout: Duration.seconds(30),
  });

function behaviours(stack: Stack, files: IOrigin, api: IOrigin) {
  const common = {
    viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
    responseHeadersPolicy: securityHeaders(stack),
    compress: true,
  };
  const onDemand = {
    ...common,
    origin: api,
    cachePolicy: CachePolicy.CACHING_DISABLED,
    originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
  };
  const page = { function: viewerRequest(stack), eventType: FunctionEventType.VIEWER_REQUEST };
  return {
    defaultBehavior: {
      ...common,
      origin: new OriginGroup({
        primaryOrigin: files,
        fallbackOrigin: api,
        fallbackStatusCodes: [403, 404],
      }),
      cachePolicy: onceALanguage(stack),
      functionAssociations: [page],
    },
    additionalBehaviors: {
      "/api/*": { ...onDemand, allowedMethods: AllowedMethods.ALLOW_ALL },
      "/share/*": onDemand,
      "/_site/*": { ...common, origin: files, cachePolicy: CachePolicy.CACHING_OPTIMIZED },
    },
  };
}

function viewerRequest(stack: Stack): EdgeFunction {
  const code = readFileSync(path.resolve("stacks/viewer-request.js"), "utf8");
  return new EdgeFunction(stack, "viewer-request", {
    runtime: FunctionRuntime.JS_2_0,
    code: FunctionCode.fromInline(`const LOCALES = ${JSON.stringify(LOCALES)};\n${code}`),
  });
}

/** Not-found pages speak the visitor's language, which the edge function has brought down to one of ours. */
const onceALanguage = (stack: Stack) =>
  new CachePolicy(stack, "once-a-language", {
    headerBehavior: CacheHeaderBehavior.allowList("Accept-Language"),
    cookieBehavior: CacheCookieBehavior.none(),
    queryStringBehavior: CacheQueryStringBehavior.none(),
    enableAcceptEncodingBrotli: true,
    enableAcceptEncodingGzip: true,
    minTtl: Duration.seconds(0),
    defaultTtl: Duration.minutes(5),
  });

/**
 * Whatever an answer does not say of itself. CloudFront takes five of them as settings of their own and refuses them as
 * plain headers.
 */
function securityHeaders(stack: Stack): ResponseHeadersPolicy {
  const {
    "Content-Security-Policy": contentSecurityPolicy,
    "Strict-Transport-Security": transport,
    "X-Content-Type-Options": _nosniff,
    "X-Frame-Options": _deny,
    "Referrer-Policy": _referrer,
    ...others
  } = SECURITY_HEADERS;
  const override = false;
  return new ResponseHeadersPolicy(stack, "security-headers", {
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy, override },
      strictTransportSecurity: {
        accessControlMaxAge: Duration.seconds(Number(/max-age=(\d+)/.exec(transport)?.[1])),
        includeSubdomains: transport.includes("includeSubDomains"),
        preload: transport.includes("preload"),
        override,
      },
      contentTypeOptions: { override },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN, override },
    },
    customHeadersBehavior: {
      customHeaders: Object.entries(others).map(([header, value]) => ({ header, value, override })),
    },
  });
}
