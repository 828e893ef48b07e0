const PROVIDERS = ["google", "bfl", "openai", "xai", "fal", "replicate"] as const;

/** Those that have a simulator, by the name that is its prefix. */
export type ProviderName = (typeof PROVIDERS)[number];

/** Base URLs of the simulators that are served at this origin, to be used in place of the providers' own. */
export const urlsOf = (origin: string) =>
  Object.fromEntries(PROVIDERS.map((name) => [name, `${origin}/${name}`])) as Readonly<
    Record<ProviderName, string>
  >;
