import type { RouteSpec } from "../assembly/model.ts";
import { LocalCloudError } from "../errors.ts";

export type RouteMatch = {
  readonly route: RouteSpec;
  readonly pathParameters: Readonly<Record<string, string>>;
};

type Segment = { readonly kind: "text" | "variable" | "rest"; readonly value: string };
type Compiled = { readonly route: RouteSpec; readonly method: string; readonly segments: readonly Segment[] };

/** Finds the route of a request as an HTTP API does: the most specific path wins, and a named method over ANY. */
export function createRouteTable(routes: readonly RouteSpec[]) {
  const fallback = routes.find((route) => route.key === "$default");
  const compiled = routes.filter((route) => route !== fallback).map(compile);
  compiled.sort(bySpecificity);
  return (method: string, path: string): RouteMatch | null => {
    const parts = path.split("/").slice(1);
    for (const { route, method: wanted, segments } of compiled) {
      const pathParameters = wanted === method || wanted === "ANY" ? matchPath(segments, parts) : null;
      if (pathParameters) return { route, pathParameters };
    }
    return fallback ? { route: fallback, pathParameters: {} } : null;
  };
}

function compile(route: RouteSpec): Compiled {
  const key = /^(ANY|[A-Z]+) (\/.*)$/.exec(route.key);
  if (!key) throw new LocalCloudError(`The route ${route.key} cannot be read.`);
  const [, method = "", path = ""] = key;
  const segments = path
    .split("/")
    .slice(1)
    .map((text): Segment => {
      const variable = /^\{(\w+)(\+?)\}$/.exec(text);
      if (!variable) return { kind: "text", value: text };
      return { kind: variable[2] ? "rest" : "variable", value: variable[1] ?? "" };
    });
  return { route, method, segments };
}

function matchPath(segments: readonly Segment[], parts: readonly string[]): Record<string, string> | null {
  const parameters: Record<string, string> = {};
  for (const [index, { kind, value }] of segments.entries()) {
    const part = parts[index];
    if (part === undefined || (part === "" && kind !== "text")) return null;
    if (kind === "rest") return { ...parameters, [value]: parts.slice(index).join("/") };
    if (kind === "text" && part !== value) return null;
    if (kind === "variable") parameters[value] = part;
  }
  return parts.length === segments.length ? parameters : null;
}

const RANK = { text: 0, variable: 1, rest: 2 } as const;

function bySpecificity(a: Compiled, b: Compiled): number {
  const length = Math.max(a.segments.length, b.segments.length);
  for (let index = 0; index < length; index += 1) {
    const [left, right] = [a.segments[index], b.segments[index]].map((segment) =>
      segment ? RANK[segment.kind] : 3,
    );
    if (left !== right) return (left ?? 3) - (right ?? 3);
  }
  return Number(a.method === "ANY") - Number(b.method === "ANY");
}
