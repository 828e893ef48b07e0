import type {
  BehaviourSpec,
  DistributionSpec,
  Forwarding,
  HeaderRule,
  OriginSpec,
} from "../assembly/model.ts";
import { LocalCloudError } from "../errors.ts";
import { type Answer, jsonAnswer } from "../gateway/function-response.ts";
import type { Incoming } from "../gateway/incoming.ts";
import { openBucket } from "./bucket.ts";
import { matchesPath } from "./path-pattern.ts";
import { createViewerFunction, type Viewed } from "./viewer-function.ts";

type Answering = (incoming: Incoming) => Answer | Promise<Answer>;
type Behaviour = BehaviourSpec & {
  readonly view: (incoming: Incoming) => Viewed;
  readonly ask: readonly Answering[];
};

/**
 * CloudFront as it was synthesised: the first behaviour that fits, its function, what of the request is passed on, its
 * origin or the next of its group, and the headers it adds. It keeps nothing: what a cache would be allowed to keep is
 * said in the answer's own headers.
 */
export function createEdge(
  distribution: DistributionSpec,
  api: Answering,
): (incoming: Incoming) => Promise<Answer> {
  const buckets = new Map(distribution.files.map((files) => [files.bucket, openBucket(files)]));
  const asking = (origin: OriginSpec): Answering => {
    if (origin.kind === "api") return api;
    const bucket = buckets.get(origin.bucket);
    if (!bucket)
      throw new LocalCloudError(`Nothing is deployed to the bucket ${origin.bucket} of the distribution.`);
    return bucket;
  };
  const behaviours = distribution.behaviours.map(
    (behaviour): Behaviour => ({
      ...behaviour,
      ask: behaviour.origins.map(asking),
      view: behaviour.viewerRequest
        ? createViewerFunction(behaviour.viewerRequest)
        : (incoming) => ({ incoming }),
    }),
  );
  return async (incoming) => {
    const path = incoming.url.split("?", 1)[0] ?? "/";
    const behaviour = behaviours.find(({ pattern }) => matchesPath(pattern, path));
    if (!behaviour) throw new LocalCloudError("The distribution has no default behaviour.");
    const answered = await answer(behaviour, incoming, distribution.rootObject);
    return { ...answered, headers: withRules(answered.headers, behaviour.responseHeaders) };
  };
}

async function answer(behaviour: Behaviour, incoming: Incoming, rootObject: string | null): Promise<Answer> {
  if (!behaviour.methods.includes(incoming.method))
    return jsonAnswer(403, { message: `${incoming.method} is not allowed here` });
  const viewed = behaviour.view(incoming);
  if ("answer" in viewed) return viewed.answer;
  const { url } = viewed.incoming;
  const atRoot = url === "/" && rootObject !== null ? { url: `/${rootObject}` } : {};
  const passed = { ...viewed.incoming, ...atRoot, headers: forwarded(viewed.incoming, behaviour.forwards) };
  let last = jsonAnswer(502, { message: "The behaviour has no origin" });
  for (const ask of behaviour.ask) {
    last = await ask(passed);
    if (!behaviour.fallbackOn.includes(last.statusCode)) break;
  }
  return last;
}

/** Always passed on, whatever a policy says: conditions of a cache, and whom the request came through. */
const ALWAYS = ["if-none-match", "if-modified-since", "content-type"];

function forwarded(
  { headers, sourceIp }: Incoming,
  { headers: wanted, cookies }: Forwarding,
): Record<string, string> {
  const { cookie, host = "", ...others } = headers;
  const passes = (name: string) => wanted === "all" || wanted.includes(name) || ALWAYS.includes(name);
  const kept =
    cookies === "all"
      ? cookie
      : cookie
          ?.split(/; */)
          .filter((pair) => cookies.includes(pair.split("=", 1)[0] ?? ""))
          .join("; ");
  const came = others["x-forwarded-for"];
  return {
    ...Object.fromEntries(Object.entries(others).filter(([name]) => passes(name))),
    ...(kept ? { cookie: kept } : {}),
    host,
    // The CDN appends its visitor, API Gateway the CDN.
    "x-forwarded-for": `${came ? `${came}, ` : ""}${sourceIp}, 127.0.0.1`,
  };
}

/** A rule that does not override leaves what the origin said. */
function withRules(
  headers: Readonly<Record<string, string>>,
  rules: readonly HeaderRule[],
): Record<string, string> {
  const merged: Record<string, string> = { ...headers };
  const known = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  for (const { name, value, overrides } of rules)
    if (overrides || !known.has(name.toLowerCase())) merged[name.toLowerCase()] = value;
  return merged;
}
