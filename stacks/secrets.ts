import { Config, type StackContext } from "sst/constructs";

/** Every secret, named once; set with `sst secrets set NAME value --stage S`. A function sees only those it is bound to. */
export function Secrets({ stack }: StackContext) {
  const secret = (name: string) => new Config.Secret(stack, name);
  return {
    DATABASE_URL: secret("DATABASE_URL"),
    REDIS_URL: secret("REDIS_URL"),
    OBJECTS_ACCESS_KEY_ID: secret("OBJECTS_ACCESS_KEY_ID"),
    OBJECTS_SECRET_ACCESS_KEY: secret("OBJECTS_SECRET_ACCESS_KEY"),
    AUTH_SECRET: secret("AUTH_SECRET"),
    GOOGLE_API_KEY: secret("GOOGLE_API_KEY"),
    BFL_API_KEY: secret("BFL_API_KEY"),
    OPENAI_API_KEY: secret("OPENAI_API_KEY"),
    XAI_API_KEY: secret("XAI_API_KEY"),
    FAL_API_KEY: secret("FAL_API_KEY"),
    REPLICATE_API_KEY: secret("REPLICATE_API_KEY"),
    RESEND_API_KEY: secret("RESEND_API_KEY"),
  };
}

export type SecretName = keyof ReturnType<typeof Secrets>;
