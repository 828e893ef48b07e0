/** What people call the providers; one that is new keeps the name that the API gives it. */
const NAMES: Readonly<Record<string, string>> = {
  google: "Google",
  bfl: "Black Forest Labs",
  openai: "OpenAI",
  xai: "xAI",
  fal: "fal",
  replicate: "Replicate",
};

export const providerName = (id: string): string => NAMES[id] ?? id;
