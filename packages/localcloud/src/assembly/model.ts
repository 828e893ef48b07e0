/** What the local cloud runs, read from a cloud assembly and freed of CloudFormation. */
export type Assembly = {
  readonly account: string;
  readonly region: string;
  readonly functions: readonly FunctionSpec[];
  readonly stateMachines: readonly StateMachineSpec[];
  readonly api: HttpApiSpec | null;
  readonly distribution: DistributionSpec | null;
  readonly rules: readonly RuleSpec[];
  readonly buckets: readonly string[];
};

export type FunctionSpec = {
  readonly name: string;
  readonly arn: string;
  /** The bundle on disk, absolute, and what it exports. */
  readonly file: string;
  readonly exportName: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Variables the template declares and the local cloud must supply: endpoints, secrets. */
  readonly bound: readonly string[];
  /** At most so many at once, more are throttled; null where the template reserves nothing. */
  readonly reservedConcurrency: number | null;
  /** How often a failed asynchronous invocation is tried again. */
  readonly asyncRetries: number;
};

export type StateMachineSpec = {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** Amazon States Language, as JSON, every substitution made. */
  readonly definition: string;
};

export type HttpApiSpec = {
  readonly name: string;
  readonly routes: readonly RouteSpec[];
  readonly cors: CorsSpec | null;
};

export type RouteSpec = {
  /** As in the template: `GET /api/generations/{id}`, `ANY /api/auth/{proxy+}` or `$default`. */
  readonly key: string;
  readonly functionArn: string;
  readonly timeoutMs: number;
};

export type CorsSpec = {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposed: readonly string[];
  readonly credentials: boolean;
  readonly maxAgeSeconds: number | null;
};

/** An EventBridge rule: a schedule or a pattern, and whom it calls. */
export type RuleSpec = {
  readonly name: string;
  readonly logicalId: string;
  readonly schedule: string | null;
  readonly pattern: Readonly<Record<string, unknown>> | null;
  readonly targets: readonly TargetSpec[];
};

export type TargetSpec = {
  readonly id: string;
  readonly functionArn: string;
  /** A constant JSON text that is sent instead of the event. */
  readonly input: string | null;
  /** The queue named for events that could not be delivered. */
  readonly deadLetterArn: string | null;
};

/** A CDN in front of files and the API. The first behaviour whose pattern fits a path is used; the last fits all. */
export type DistributionSpec = {
  /** What `/` means. */
  readonly rootObject: string | null;
  readonly behaviours: readonly BehaviourSpec[];
  readonly files: readonly FilesSpec[];
};

export type BehaviourSpec = {
  /** A path with `*` and `?`. */
  readonly pattern: string;
  /** The next one is asked where one answers a status of `fallbackOn`. */
  readonly origins: readonly OriginSpec[];
  readonly fallbackOn: readonly number[];
  readonly methods: readonly string[];
  /** The code of a CloudFront function. */
  readonly viewerRequest: string | null;
  readonly responseHeaders: readonly HeaderRule[];
  readonly forwards: Forwarding;
};

export type OriginSpec =
  | { readonly kind: "files"; readonly bucket: string }
  | { readonly kind: "api"; readonly host: string };

/** What of a request reaches the origin. Header names are in small letters. */
export type Forwarding = {
  readonly headers: "all" | readonly string[];
  readonly cookies: "all" | readonly string[];
  readonly query: boolean;
};

export type HeaderRule = { readonly name: string; readonly value: string; readonly overrides: boolean };

/** What is in a bucket: archives, and of the cache rules whose globs fit a file, the last. */
export type FilesSpec = {
  readonly bucket: string;
  readonly archives: readonly string[];
  readonly cacheRules: readonly { readonly files: readonly string[]; readonly cacheControl: string }[];
};
