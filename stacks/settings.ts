import type { Stack } from "sst/constructs";

/** The stage of `npm start`: its addresses are known when the local cloud is up, which then sets them itself. */
export const LOCAL = "local";
export const SET_BY_LOCAL_CLOUD = "set-by-local-cloud";

/**
 * A plain setting of a stage, from `.env.<stage>`. It stops the synthesis with one line where it is missing, so that a
 * deployment cannot come up half configured.
 */
export function setting(stack: Stack, name: string, fallback?: string): string {
  if (stack.stage === LOCAL) return SET_BY_LOCAL_CLOUD;
  const value = process.env[name] ?? fallback;
  if (!value) throw new Error(`Set ${name} in .env.${stack.stage} (see .env.example).`);
  return value;
}
