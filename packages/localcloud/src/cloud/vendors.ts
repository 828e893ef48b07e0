/**
 * Vendors across the internet. With a key in the environment (`.env`) the real one is called, without one its stand-in on
 * this machine: the same code, at another address.
 */
const VENDORS = {
  google: {
    key: "GOOGLE_API_KEY",
    url: "GOOGLE_BASE_URL",
    address: "https://generativelanguage.googleapis.com",
  },
  bfl: { key: "BFL_API_KEY", url: "BFL_BASE_URL", address: "https://api.bfl.ai" },
  openai: { key: "OPENAI_API_KEY", url: "OPENAI_BASE_URL", address: "https://api.openai.com" },
  xai: { key: "XAI_API_KEY", url: "XAI_BASE_URL", address: "https://api.x.ai" },
  fal: { key: "FAL_API_KEY", url: "FAL_BASE_URL", address: "https://queue.fal.run" },
  replicate: { key: "REPLICATE_API_KEY", url: "REPLICATE_BASE_URL", address: "https://api.replicate.com" },
  resend: { key: "RESEND_API_KEY", url: "RESEND_BASE_URL", address: "https://api.resend.com" },
} as const;
type Vendor = keyof typeof VENDORS;

export type Environment = Readonly<Record<string, string | undefined>>;

export type VendorBindings = {
  readonly settings: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** Those that are called for real, for people to be told. */
  readonly real: readonly Vendor[];
};

/** What functions are told of each vendor. `standIns` are the addresses on this machine. */
export function bindVendors(env: Environment, standIns: Readonly<Record<Vendor, string>>): VendorBindings {
  const settings: Record<string, string> = {};
  const secrets: Record<string, string> = {};
  const real: Vendor[] = [];
  for (const name of Object.keys(VENDORS) as Vendor[]) {
    const { key, url, address } = VENDORS[name];
    const given = env[key];
    if (given) real.push(name);
    settings[url] = given ? (env[url] ?? address) : standIns[name];
    secrets[key] = given || "sandbox";
  }
  return { settings, secrets, real };
}
