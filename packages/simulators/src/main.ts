import { parseArgs } from "node:util";
import { startSimulators } from "./start.ts";

/**
 * The simulators as a process of their own. Prints one line of JSON, `{ "origin", "urls" }`, when they listen, and
 * ends with the process that forked it, or on a signal.
 */
const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    "draw-ms": { type: "string", default: "1000" },
    "submit-ms": { type: "string", default: "150" },
    "pending-polls": { type: "string", default: "2" },
  },
});

try {
  const { origin, urls, close } = await startSimulators({
    port: wholeNumber("port"),
    drawMilliseconds: wholeNumber("draw-ms"),
    submitMilliseconds: wholeNumber("submit-ms"),
    pendingPolls: wholeNumber("pending-polls"),
  });
  const end = () => close().then(() => process.exit(0));
  process.on("SIGINT", end).on("SIGTERM", end).on("disconnect", end);
  console.log(JSON.stringify({ origin, urls }));
} catch (error) {
  console.error(`The simulators cannot start: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

function wholeNumber(name: keyof typeof values): number {
  if (/^\d{1,9}$/.test(values[name])) return Number(values[name]);
  throw new Error(`--${name} must be a whole number`);
}
