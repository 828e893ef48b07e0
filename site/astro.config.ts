import react from "@astrojs/react";
import tailwind from "@tailwindcss/vite";
import { defineConfig, envField, passthroughImageService } from "astro/config";
import { siteLambda } from "./adapter/index.ts";
import { pageBudgets } from "./build/budgets.ts";
import { strings } from "./build/strings.ts";
import { pagePolicy } from "./security.ts";

/** Where people find the site; canonical addresses, hreflang and Open Graph are made of it. */
const site = process.env.SITE_URL ?? "http://localhost:3000";
/** Where signed addresses of images point to. The default is any port of this machine. */
const objects = process.env.OBJECTS_ORIGIN ?? "http://127.0.0.1:* http://localhost:*";

export default defineConfig({
  site,
  output: "static",
  // `preserve` is `file` for every page but index.astro: /en/ is en/index.html, as StaticSite's router asks for it.
  build: { format: "preserve", inlineStylesheets: "never", assets: "_site" },
  trailingSlash: "ignore",
  adapter: siteLambda(),
  integrations: [strings(), react(), pageBudgets()],
  // Images are served as they are stored, and no page has code to colour.
  image: { service: passthroughImageService() },
  markdown: { syntaxHighlight: false },
  devToolbar: { enabled: false },
  env: {
    schema: {
      SITE_URL: envField.string({ context: "server", access: "secret", optional: true }),
    },
  },
  security: {
    checkOrigin: false,
    csp: {
      directives: [...pagePolicy(objects)],
      scriptDirective: { resources: ["'self'"] },
      styleDirective: { resources: ["'self'"] },
    },
  },
  vite: {
    plugins: [tailwind()],
    build: {
      assetsInlineLimit: 0,
      target: ["chrome123", "firefox121", "safari17.5"],
      cssTarget: ["chrome123", "firefox121", "safari17.5"],
    },
  },
});
