/** One chat model that can see, who serves it, and what it costs in USD micros (10^-6) per million tokens, at most. */
export type ChatRoute = {
  readonly provider: "google" | "openai" | "xai";
  readonly upstream: string;
  readonly inputMicros: number;
  readonly outputMicros: number;
};

/** Who is asked about prompts and pictures, in this order: each stands in for those before it. */
export const CHAT_ROUTES: readonly ChatRoute[] = [
  // Its price from 2027 on; until then it is half of it.
  { provider: "google", upstream: "gemini-3.8-flash", inputMicros: 1_500_000, outputMicros: 7_500_000 },
  { provider: "openai", upstream: "gpt-5.6-luna", inputMicros: 1_000_000, outputMicros: 6_000_000 },
  { provider: "xai", upstream: "grok-4.6", inputMicros: 3_000_000, outputMicros: 15_000_000 },
];
