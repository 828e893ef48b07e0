/** Who may import whom. The drawing in README.md says it to people; this says it to the build. */
const rule = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });
const core = "^packages/core/src/";
const test = "\\.(test|fixture)\\.tsx?$";
const domains = "(credits|runs|generations|images|accounts|mail|limits|sharing|drafts|prompts|routing)";

module.exports = {
  forbidden: [
    rule(
      "no-cycles",
      "Two files that need each other are one file.",
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    ),
    rule(
      "contract-imports-nobody",
      "Everybody imports the contract; it may import zod alone.",
      { path: "^packages/contract/src/", pathNot: test },
      { path: "^packages/", pathNot: "^packages/contract/|node_modules/zod/" },
    ),
    rule(
      "core-knows-no-vendor",
      "Core is rules and SQL. A vendor comes in through Context.",
      { path: core, pathNot: test },
      {
        path: "node_modules/(sst|@aws-sdk|aws-cdk-lib|@middy|stripe|resend|ioredis|sharp|better-auth|react)(/|$)",
      },
    ),
    rule(
      "core-knows-no-caller",
      "Imports point inward.",
      { path: core, pathNot: test },
      {
        path: "^(stacks|site|scripts|packages/(functions|adapters|mail|providers|localcloud|simulators|extension))/",
      },
    ),
    rule(
      "domains-by-the-front-door",
      "Reach another domain of core through its index.ts, its tables (.sql.ts) or a port (a file of types).",
      { path: `${core}${domains}/`, pathNot: test },
      {
        path: `${core}${domains}/`,
        pathNot: [
          `${core}$1/`,
          "/index\\.ts$",
          "\\.sql\\.ts$",
          "/(provider|gate|object-store|image-tools|workflow|mailer)\\.ts$",
        ],
      },
    ),
    rule(
      "only-core-speaks-sql",
      "A handler calls a verb; it does not query. Better Auth brings its own tables, and the local cloud its own server.",
      {
        path: "^(packages/(functions|adapters|providers|extension)|site|stacks)/",
        pathNot: [test, "^packages/adapters/src/(auth|identity)", "^packages/functions/src/runtime\\.ts$"],
      },
      { path: "node_modules/(drizzle-orm|postgres)(/|$)" },
    ),
    rule(
      "handlers-stand-alone",
      "Each handler is its own bundle. Share through middleware/ or core.",
      { path: "^packages/functions/src/(http|workflow|events|jobs)/([^/]+)\\.ts$", pathNot: test },
      {
        path: "^packages/functions/src/(http|workflow|events|jobs)/",
        pathNot: ["/routes/", "\\.routes\\.ts$", "/routes\\.ts$"],
      },
    ),
    rule(
      "browsers-know-the-contract-only",
      "Core in a browser bundle drags the database along.",
      { path: "^(site|packages/extension)/", pathNot: test },
      { path: "^packages/", pathNot: "^packages/(contract|extension)/" },
    ),
    rule(
      "stacks-hold-no-code",
      "A stack names a handler by path; importing one would run it at deploy. Constants come from the contract.",
      { path: "^stacks/", pathNot: test },
      { path: "^packages/", pathNot: "^packages/contract/" },
    ),
    rule(
      "nothing-deployed-needs-the-local-cloud",
      "Simulators, fixtures and the one-machine cloud stay out of bundles.",
      { path: "^packages/(contract|core|mail|providers|adapters|functions)/src/", pathNot: test },
      { path: "^packages/(localcloud|simulators|testkit)/" },
    ),
    rule(
      "no-unresolved",
      "It is imported, so it must exist. (Types only; what Lambda brings itself; what Astro and Paraglide generate.)",
      {},
      { couldNotResolve: true, pathNot: "^(aws-lambda|@aws-sdk/client-ssm|astro:.*)$|/paraglide/" },
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "\\.sst/|\\.local/|/dist/|/\\.astro/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "node", "default"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json"],
    },
  },
};
