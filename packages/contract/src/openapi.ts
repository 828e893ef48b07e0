import { z } from "zod";
import { REFUSALS, type RefusalCode } from "./errors.ts";
import { Problem } from "./problem.ts";
import { IDEMPOTENCY_KEY, IdempotencyKey, type RouteSpec, refusalsOf } from "./route-spec.ts";
import { ROUTES } from "./routes.ts";

type Json = Record<string, unknown>;

/** OpenAPI 3.1 of every route, made from the schemas that requests are parsed with and answers are typed by. */
export function openApi(site: { url: string; version: string }): Json {
  const paths: Record<string, Json> = {};
  for (const [id, route] of Object.entries<RouteSpec>(ROUTES)) {
    paths[route.path] ??= {};
    Object.assign(paths[route.path] as Json, { [route.method.toLowerCase()]: operation(id, route) });
  }
  return {
    openapi: "3.1.0",
    info: { title: "ImgPilot", version: site.version },
    servers: [{ url: site.url }],
    paths,
    components: {
      schemas: { Problem: schemaOf(Problem, "output") },
      securitySchemes: {
        session: { type: "apiKey", in: "cookie", name: "imgpilot.session_token" },
        bearer: { type: "http", scheme: "bearer" },
      },
    },
  };
}

function operation(operationId: string, route: RouteSpec): Json {
  const parameters = [
    ...parametersOf("path", route.params),
    ...parametersOf("query", route.query),
    ...(route.spends
      ? [{ name: IDEMPOTENCY_KEY, in: "header", required: true, schema: schemaOf(IdempotencyKey, "input") }]
      : []),
    ...(route.revalidates
      ? [{ name: "if-none-match", in: "header", required: false, schema: { type: "string" } }]
      : []),
  ];
  return {
    operationId,
    summary: route.summary,
    ...(route.auth === "person" ? { security: [{ session: [] }, { bearer: [] }] } : { security: [] }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body ? { requestBody: { required: true, content: json(schemaOf(route.body, "input")) } } : {}),
    responses: responsesOf(route),
  };
}

function parametersOf(where: "path" | "query", object: z.ZodObject | undefined): Json[] {
  if (!object) return [];
  return Object.entries(object.shape).map(([name, schema]) => ({
    name,
    in: where,
    required: where === "path" || !(schema as z.ZodType).safeParse(undefined).success,
    schema: schemaOf(schema as z.ZodType, "input"),
  }));
}

function responsesOf(route: RouteSpec): Json {
  const responses: Record<number, Json> = {};
  for (const [status, codes] of byStatus(refusalsOf(route)))
    responses[status] = {
      description: codes.map((code) => `\`${code}\`: ${REFUSALS[code][1]}`).join("; "),
      ...(status === 429 || status === 503
        ? { headers: { "retry-after": { description: "Seconds", schema: { type: "integer" } } } }
        : {}),
      content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
    };
  const content = route.answer ? { content: json(schemaOf(route.answer, "output")) } : {};
  responses[route.status] = { description: route.summary, ...withDownloads(content, route.downloads) };
  if (route.revalidates)
    responses[304] = { description: "Unchanged since the ETag that `If-None-Match` names" };
  if (route.path === "/api/health") responses[503] = { description: "A part is down", ...content };
  return responses;
}

function withDownloads(answer: Json, types: RouteSpec["downloads"]): Json {
  if (!types) return answer;
  const file = { schema: { type: "string" } };
  const content = { ...(answer.content as Json), ...Object.fromEntries(types.map((type) => [type, file])) };
  const link = {
    description: 'Where a download goes on: `<...>; rel="next"`',
    schema: { type: "string" },
  };
  return { content, headers: { link } };
}

function byStatus(codes: readonly RefusalCode[]): Map<number, RefusalCode[]> {
  const statuses = new Map<number, RefusalCode[]>();
  for (const code of new Set(codes)) {
    const [status] = REFUSALS[code];
    statuses.set(status, [...(statuses.get(status) ?? []), code]);
  }
  return statuses;
}

const json = (schema: Json): Json => ({ "application/json": { schema } });

function schemaOf(type: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...schema } = z.toJSONSchema(type, { io, unrepresentable: "any" });
  return schema;
}
