import { BUCKET, type Services } from "./services.ts";
import type { VendorBindings } from "./vendors.ts";

/** SST hands a bound secret to a function under this name. */
const BOUND = "SST_Secret_value_";

/** The plain settings that the local stage leaves to us (`stacks/settings.ts`). */
export const SETTINGS: ReadonlySet<string> = new Set([
  "SITE_URL",
  "OBJECTS_ENDPOINT",
  "OBJECTS_BUCKET",
  "GOOGLE_BASE_URL",
  "BFL_BASE_URL",
  "OPENAI_BASE_URL",
  "XAI_BASE_URL",
  "FAL_BASE_URL",
  "REPLICATE_BASE_URL",
  "RESEND_BASE_URL",
  "MAIL_FROM",
]);

/** Every value that a template may ask the local cloud for. A function gets those that it declares, and no other. */
export function bindingsOf(
  { postgres, redis, objects, keys }: Services,
  vendors: VendorBindings,
  site: { readonly url: string; readonly mailFrom: string },
): Readonly<Record<string, string>> {
  const secrets = {
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    OBJECTS_ACCESS_KEY_ID: keys.objectsAccessKeyId,
    OBJECTS_SECRET_ACCESS_KEY: keys.objectsSecretAccessKey,
    AUTH_SECRET: keys.authSecret,
    ...vendors.secrets,
  };
  return {
    SITE_URL: site.url,
    OBJECTS_ENDPOINT: objects.url,
    OBJECTS_BUCKET: BUCKET,
    MAIL_FROM: site.mailFrom,
    ...vendors.settings,
    ...Object.fromEntries(Object.entries(secrets).map(([name, value]) => [`${BOUND}${name}`, value])),
  };
}

/** What every function on AWS has without asking: where AWS is, and who it is itself. */
export const awsEnvironment = (awsUrl: string): Record<string, string> => ({
  AWS_ENDPOINT_URL_SFN: awsUrl,
  AWS_ENDPOINT_URL_LAMBDA: awsUrl,
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
});
