import { z } from "zod";
import { fetchSecrets } from "./ssm.ts";

/**
 * The one reader of the environment. A function is given only what it needs (`stacks/lambda.ts`), so a setting may be
 * absent until something asks for it; one that is there must be right, or the function does not start.
 */
const SETTINGS = z.object({
  STAGE: z.string().min(1),
  SITE_URL: z.url(),
  OBJECTS_ENDPOINT: z.url(),
  OBJECTS_BUCKET: z.string().min(3),
  GENERATION_WORKFLOW_ARN: z
    .string()
    .regex(/^arn:[\w-]+:states:[\w-]+:\d{12}:stateMachine:[\w-]+$/, "is not the ARN of a state machine"),
  GOOGLE_BASE_URL: z.url(),
  BFL_BASE_URL: z.url(),
  OPENAI_BASE_URL: z.url(),
  XAI_BASE_URL: z.url(),
  FAL_BASE_URL: z.url(),
  REPLICATE_BASE_URL: z.url(),
  RESEND_BASE_URL: z.url(),
  MAIL_FROM: z.string().min(3),
});
export type SettingName = keyof z.output<typeof SETTINGS>;

const SECRETS = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "is not a postgres:// address" }),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: "is not a redis:// address" }),
  OBJECTS_ACCESS_KEY_ID: z.string().min(1),
  OBJECTS_SECRET_ACCESS_KEY: z.string().min(1),
  AUTH_SECRET: z.string().min(32, "must have 32 characters or more"),
  GOOGLE_API_KEY: z.string().min(1),
  BFL_API_KEY: z.string().min(1),
  OPENAI_API_KEY: z.string().min(1),
  XAI_API_KEY: z.string().min(1),
  FAL_API_KEY: z.string().min(1),
  REPLICATE_API_KEY: z.string().min(1),
  RESEND_API_KEY: z.string().min(1),
});
export type SecretName = keyof z.output<typeof SECRETS>;

type Environment = Readonly<Record<string, string | undefined>>;
export type Runtime = {
  /** @throws where the function was not given the setting. */
  readonly setting: (name: SettingName) => string;
  /** Fetched once per container, all that the function is bound to at once. */
  readonly secret: (name: SecretName) => Promise<string>;
};

const BOUND = "SST_Secret_value_";
const FETCHED = "__FETCH_FROM_SSM__";

/** @throws with one line that names the first variable that has a wrong value. */
export function readRuntime(env: Environment, fetchBound = fetchSecrets): Runtime {
  const settings = check(SETTINGS, env);
  const bound = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      name.startsWith(BOUND) ? [[name.slice(BOUND.length), value]] : [],
    ),
  );
  const inPlace = check(
    SECRETS,
    Object.fromEntries(Object.entries(bound).filter(([, value]) => value !== FETCHED)),
  );
  const remote = Object.keys(bound).filter((name) => bound[name] === FETCHED);
  let fetched: Promise<Partial<Record<SecretName, string>>> | undefined;

  return {
    setting: (name) => given(settings, name),
    async secret(name) {
      if (!remote.includes(name)) return given(inPlace, name);
      fetched ??= fetchBound({ names: remote, app: env.SST_APP, prefix: env.SST_SSM_PREFIX }).then((values) =>
        check(SECRETS, values),
      );
      try {
        return given(await fetched, name);
      } catch (error) {
        fetched = undefined; // The next request may have more luck.
        throw error;
      }
    },
  };
}

function check<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>, values: Environment) {
  const { data, error } = schema.partial().safeParse(values);
  const [issue] = error?.issues ?? [];
  if (issue) throw new Error(`${issue.path.join(".")}: ${issue.message}`);
  return data as Partial<z.output<z.ZodObject<Shape>>>;
}

function given<Values extends object, Name extends keyof Values & string>(
  values: Values,
  name: Name,
): NonNullable<Values[Name]> {
  const value = values[name];
  if (value === undefined || value === null) throw new Error(`${name} is not set for this function`);
  return value;
}

let read: Runtime | undefined;

/** This container's. */
export function runtime(): Runtime {
  read ??= readRuntime(process.env);
  return read;
}
