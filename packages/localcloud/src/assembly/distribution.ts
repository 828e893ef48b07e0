import path from "node:path";
import { LocalCloudError } from "../errors.ts";
import { physicalName, resolve, resolveText } from "./intrinsics.ts";
import type {
  BehaviourSpec,
  DistributionSpec,
  FilesSpec,
  Forwarding,
  HeaderRule,
  OriginSpec,
} from "./model.ts";
import { type Json, type JsonObject, resourcesOf, type Scope, type Templates } from "./templates.ts";

/** AWS's own policies, by the ids that every account knows them by. */
const CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";
const CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac";

const NOTHING: Forwarding = { headers: [], cookies: [], query: false };
const EVERYTHING: Forwarding = { headers: "all", cookies: "all", query: true };

/** The one CDN of the assembly, null where it has none: then the API is served alone. */
export function readDistribution(templates: Templates): DistributionSpec | null {
  const [found, ...others] = resourcesOf(templates, "AWS::CloudFront::Distribution");
  if (!found) return null;
  if (others.length > 0)
    throw new LocalCloudError("The local cloud serves one distribution; the assembly has more.");
  const scope = { templates, stack: found.stack };
  const config = found.properties.DistributionConfig as JsonObject;
  if (list(config.CustomErrorResponses).length > 0) {
    throw new LocalCloudError(
      "The distribution replaces errors by pages, which would turn the API's refusals into pages.",
    );
  }
  const origins = readOrigins(config, scope);
  const behaviour = (value: Json) => readBehaviour(value as JsonObject, origins, scope);
  return {
    rootObject: config.DefaultRootObject === undefined ? null : resolveText(config.DefaultRootObject, scope),
    behaviours: [...list(config.CacheBehaviors), config.DefaultCacheBehavior ?? null].map(behaviour),
    files: readFiles(templates),
  };
}

type Group = Pick<BehaviourSpec, "origins" | "fallbackOn">;
type Origins = ReadonlyMap<string, Group>;

/** Origins, and groups of them, by the ids that behaviours name. */
function readOrigins(config: JsonObject, scope: Scope): Origins {
  const single = new Map(
    list(config.Origins).map((value) => {
      const { Id, DomainName, S3OriginConfig } = value as JsonObject;
      const origin: OriginSpec = S3OriginConfig
        ? { kind: "files", bucket: bucketOf(DomainName ?? null, scope) }
        : { kind: "api", host: resolveText(DomainName, scope) };
      return [String(Id), origin] as const;
    }),
  );
  const alone = [...single].map(([id, origin]) => [id, { origins: [origin], fallbackOn: [] }] as const);
  const groups = list((config.OriginGroups as JsonObject | undefined)?.Items).map((value) => {
    const { Id, Members, FailoverCriteria } = value as JsonObject;
    const ids = list((Members as JsonObject).Items).map((member) => String((member as JsonObject).OriginId));
    const statuses = list(((FailoverCriteria as JsonObject).StatusCodes as JsonObject).Items).map(Number);
    const origins = ids.map((id) => single.get(id)).filter((origin) => origin !== undefined);
    return [String(Id), { origins, fallbackOn: statuses }] as const;
  });
  return new Map<string, Group>([...alone, ...groups]);
}

/** `Fn::GetAtt [Bucket, RegionalDomainName]`: the name of a bucket here has no domain. */
function bucketOf(domain: Json, scope: Scope): string {
  const attribute = (domain as JsonObject | null)?.["Fn::GetAtt"];
  if (!Array.isArray(attribute))
    throw new LocalCloudError(`The local cloud cannot read the origin ${JSON.stringify(domain)}.`);
  return physicalName(String(attribute[0]), scope);
}

function readBehaviour(behaviour: JsonObject, origins: Origins, scope: Scope): BehaviourSpec {
  const pattern = behaviour.PathPattern === undefined ? "*" : String(behaviour.PathPattern);
  const target = origins.get(String(behaviour.TargetOriginId));
  if (!target) throw new LocalCloudError(`The behaviour ${pattern} leads to no origin.`);
  return {
    pattern,
    ...target,
    methods:
      behaviour.AllowedMethods === undefined ? ["GET", "HEAD"] : list(behaviour.AllowedMethods).map(String),
    viewerRequest: readFunction(behaviour, scope),
    responseHeaders: readHeaders(behaviour, scope),
    forwards: readForwarding(behaviour, scope),
  };
}

function readFunction(behaviour: JsonObject, scope: Scope): string | null {
  const [association, ...others] = list(behaviour.FunctionAssociations) as JsonObject[];
  if (!association) return null;
  if (others.length > 0 || association.EventType !== "viewer-request")
    throw new LocalCloudError("The local cloud runs one function a behaviour, on viewer-request.");
  return resolveText(
    referred(association.FunctionARN, "AWS::CloudFront::Function", scope).FunctionCode,
    scope,
  );
}

function readForwarding(behaviour: JsonObject, scope: Scope): Forwarding {
  if (behaviour.OriginRequestPolicyId === ALL_VIEWER_EXCEPT_HOST) return EVERYTHING;
  if (behaviour.OriginRequestPolicyId !== undefined)
    throw new LocalCloudError(
      `The local cloud does not know the origin request policy ${JSON.stringify(behaviour.OriginRequestPolicyId)}.`,
    );
  const policy = behaviour.CachePolicyId ?? null;
  if (policy === CACHING_OPTIMIZED || policy === CACHING_DISABLED) return NOTHING;
  const { CachePolicyConfig } = referred(policy, "AWS::CloudFront::CachePolicy", scope);
  const forwarded = (CachePolicyConfig as JsonObject).ParametersInCacheKeyAndForwardedToOrigin as JsonObject;
  const { HeadersConfig, CookiesConfig, QueryStringsConfig } = forwarded as Record<string, JsonObject>;
  return {
    headers: list(HeadersConfig?.Headers).map((name) => String(name).toLowerCase()),
    cookies: list(CookiesConfig?.Cookies).map(String),
    query: QueryStringsConfig?.QueryStringBehavior !== "none",
  };
}

function readHeaders(behaviour: JsonObject, scope: Scope): HeaderRule[] {
  if (behaviour.ResponseHeadersPolicyId === undefined) return [];
  const policy = referred(behaviour.ResponseHeadersPolicyId, "AWS::CloudFront::ResponseHeadersPolicy", scope);
  const config = resolve(policy.ResponseHeadersPolicyConfig ?? {}, scope) as JsonObject;
  const custom = list((config.CustomHeadersConfig as JsonObject | undefined)?.Items).map((item) => {
    const { Header, Value, Override } = item as JsonObject;
    return { name: String(Header), value: String(Value), overrides: Override === true };
  });
  const security = Object.entries((config.SecurityHeadersConfig ?? {}) as Record<string, JsonObject>);
  return [...custom, ...security.map(([name, value]) => securityHeader(name, value))];
}

function securityHeader(name: string, value: JsonObject): HeaderRule {
  const overrides = value.Override === true;
  const includes = value.IncludeSubdomains ? "; includeSubDomains" : "";
  const preloads = value.Preload ? "; preload" : "";
  const known: Record<string, [name: string, value: string]> = {
    ContentSecurityPolicy: ["Content-Security-Policy", String(value.ContentSecurityPolicy)],
    StrictTransportSecurity: [
      "Strict-Transport-Security",
      `max-age=${value.AccessControlMaxAgeSec}${includes}${preloads}`,
    ],
    ContentTypeOptions: ["X-Content-Type-Options", "nosniff"],
    FrameOptions: ["X-Frame-Options", String(value.FrameOption)],
    ReferrerPolicy: ["Referrer-Policy", String(value.ReferrerPolicy)],
  };
  const [header, text] = known[name] ?? [];
  if (!header || !text)
    throw new LocalCloudError(`The local cloud does not know the security header ${name}.`);
  return { name: header, value: text, overrides };
}

/** What deployments copy into buckets: archives in the assembly, and the cache headers of what is in them. */
function readFiles(templates: Templates): FilesSpec[] {
  return resourcesOf(templates, "Custom::S3Uploader").map(({ stack, properties }) => {
    const scope = { templates, stack };
    const archives = list(properties.sources).map((source) => {
      const key = resolveText((source as JsonObject).objectKey, scope);
      return path.join(templates.dir, `asset.${key}`);
    });
    const rules = list(properties.fileOptions).map((value) => {
      const { files, cacheControl } = value as JsonObject;
      return { files: [files ?? []].flat().map(String), cacheControl: String(cacheControl) };
    });
    return { bucket: resolveText(properties.destinationBucketName, scope), archives, cacheRules: rules };
  });
}

/** The properties of the resource that a `Ref` or `Fn::GetAtt` names. */
function referred(value: Json | undefined, type: string, scope: Scope): JsonObject {
  const { Ref, "Fn::GetAtt": attribute } = (value ?? {}) as JsonObject;
  const id = Ref === undefined ? String((attribute as Json[] | undefined)?.[0]) : String(Ref);
  const resource = scope.stack.template.Resources[id];
  if (resource?.Type !== type)
    throw new LocalCloudError(`The local cloud cannot read ${JSON.stringify(value)} as ${type}.`);
  return resource.Properties ?? {};
}

const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
