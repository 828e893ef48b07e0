import path from "node:path";
import { parseArgs } from "node:util";
import { runLocalCloud } from "./life.ts";

/** Runs an assembly until it is told to end: what `npm start` does once everything is set up, without a demo. */
const { values } = parseArgs({
  options: {
    dir: { type: "string", default: ".local" },
    port: { type: "string", default: "3000" },
    assembly: { type: "string", default: path.resolve(import.meta.dirname, "../../../.sst/dist") },
  },
});

try {
  const options = { dir: values.dir, port: Number(values.port), assemblyDir: values.assembly };
  const code = await runLocalCloud(
    { ...options, log: console.log, env: process.env },
    async ({ endpoints }) => console.log(`Up: ${endpoints.gateway}`),
  );
  process.exit(code);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
