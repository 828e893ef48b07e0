import { defineConfig } from "vitest/config";

const ignored = ["**/node_modules/**", "**/.sst/**", "**/.local/**", "**/dist/**"];
/** Kinds of test by file name; every kind but `unit` needs what `npm test` sets up. */
const kind = (name: string, include: string[], more: object = {}) => ({
  test: { name, include, exclude: ignored, ...more },
});

export default defineConfig({
  test: {
    // Many tests wait for a database or a timer.
    maxWorkers: "100%",
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "packages/*/src/**/*.test.ts",
            "scripts/**/*.test.ts",
            "site/src/**/*.test.{ts,tsx}",
            "tests/{tidy,planted/*}.test.ts",
          ],
          exclude: [...ignored, "**/*.{service,simulation,infra,cloud,browser}.test.ts"],
        },
      },
      kind("service", ["packages/*/src/**/*.service.test.ts"], {
        // What our code logs is tested where that is the guarantee.
        env: { POWERTOOLS_LOG_LEVEL: "SILENT" },
        globalSetup: ["packages/testkit/src/postgres-server.ts"],
        testTimeout: 60_000,
        hookTimeout: 60_000,
      }),
      kind("infra", ["stacks/**/*.infra.test.ts", "packages/testkit/src/**/*.infra.test.ts"], {
        testTimeout: 60_000,
      }),
      kind("simulation", ["tests/**/*.simulation.test.ts"], {
        globalSetup: ["packages/testkit/src/postgres-server.ts"],
        testTimeout: 300_000,
        hookTimeout: 60_000,
      }),
      kind("cloud", ["tests/**/*.cloud.test.ts"], {
        globalSetup: ["tests/support/cloud-server.ts"],
        testTimeout: 120_000,
        hookTimeout: 120_000,
        fileParallelism: false,
      }),
      kind("browser", ["tests/**/*.browser.test.ts"], {
        globalSetup: ["tests/support/cloud-server.ts", "tests/browser/find-browser.ts"],
        testTimeout: 120_000,
        hookTimeout: 120_000,
        fileParallelism: false,
      }),
    ],
  },
});
