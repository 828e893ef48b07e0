import { LocalCloudError } from "../errors.ts";
import { physicalName, resolve, resolveText } from "./intrinsics.ts";
import type { CorsSpec, HttpApiSpec, RouteSpec } from "./model.ts";
import { type Json, type JsonObject, resourcesOf, type Templates } from "./templates.ts";

/** API Gateway's default, and its maximum. */
const INTEGRATION_TIMEOUT_MS = 30_000;

/** The one HTTP API of the assembly: there is one gateway and one port. */
export function readHttpApi(templates: Templates): HttpApiSpec | null {
  const [api, ...others] = resourcesOf(templates, "AWS::ApiGatewayV2::Api");
  if (!api) return null;
  if (others.length > 0) {
    throw new LocalCloudError(`The local cloud serves one HTTP API, the assembly has ${others.length + 1}.`);
  }
  const scope = { templates, stack: api.stack };
  const cors = api.properties.CorsConfiguration;
  return {
    name: physicalName(api.logicalId, scope),
    routes: readRoutes(templates),
    cors: cors === undefined ? null : readCors(resolve(cors, scope) as JsonObject),
  };
}

function readRoutes(templates: Templates): RouteSpec[] {
  const integrations = new Map(
    resourcesOf(templates, "AWS::ApiGatewayV2::Integration").map((integration) => [
      `${integration.stack.id}/${integration.logicalId}`,
      integration,
    ]),
  );
  return resourcesOf(templates, "AWS::ApiGatewayV2::Route").map(({ stack, properties }) => {
    const key = String(properties.RouteKey);
    const target = resolveText(properties.Target, { templates, stack }).replace(/^integrations\//, "");
    const integration = integrations.get(`${stack.id}/${target}`);
    if (!integration) throw new LocalCloudError(`Route ${key} leads to ${target}, which is no integration.`);
    const { IntegrationUri, PayloadFormatVersion, TimeoutInMillis } = integration.properties;
    if (PayloadFormatVersion !== "2.0") {
      throw new LocalCloudError(
        `Route ${key} wants payload format ${String(PayloadFormatVersion)}, not 2.0.`,
      );
    }
    return {
      key,
      functionArn: lambdaArn(resolveText(IntegrationUri, { templates, stack }), key),
      timeoutMs: Number(TimeoutInMillis ?? INTEGRATION_TIMEOUT_MS),
    };
  });
}

/** An integration names its function by ARN, alone or wrapped in an invocation path. */
function lambdaArn(uri: string, key: string): string {
  const found = /arn:aws:lambda:[\w-]+:\d+:function:[\w-]+/.exec(uri);
  if (!found) throw new LocalCloudError(`Route ${key} leads to ${uri}, which is no function.`);
  return found[0];
}

function readCors(cors: JsonObject): CorsSpec {
  const texts = (value: Json | undefined) => (Array.isArray(value) ? value.map(String) : []);
  return {
    origins: texts(cors.AllowOrigins),
    methods: texts(cors.AllowMethods),
    headers: texts(cors.AllowHeaders).map((header) => header.toLowerCase()),
    exposed: texts(cors.ExposeHeaders),
    credentials: cors.AllowCredentials === true,
    maxAgeSeconds: cors.MaxAge === undefined ? null : Number(cors.MaxAge),
  };
}
