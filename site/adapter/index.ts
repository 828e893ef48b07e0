import type { AstroIntegration } from "astro";

/**
 * Astro in one Lambda: pages that are not prerendered (`/share/[id]`, not found) are answered by `dist/server/entry.mjs`,
 * which exports `handler` for payload format 2.0 (HTTP API or function URL). `dist/client` goes to the bucket.
 */
export function siteLambda(): AstroIntegration {
  return {
    name: "site-lambda",
    hooks: {
      "astro:config:done": ({ setAdapter }) => {
        setAdapter({
          name: "site-lambda",
          entrypointResolution: "auto",
          serverEntrypoint: new URL("./runtime.ts", import.meta.url),
          adapterFeatures: { buildOutput: "server" },
          supportedAstroFeatures: {
            staticOutput: "stable",
            hybridOutput: "stable",
            serverOutput: "stable",
            sharpImageService: "unsupported",
            envGetSecret: "stable",
          },
        });
      },
    },
  };
}
