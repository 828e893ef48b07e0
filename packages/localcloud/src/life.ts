import { constants } from "node:os";
import { type CloudOptions, type LocalCloud, startLocalCloud } from "./cloud.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs a local cloud until somebody ends it (Ctrl-C, SIGTERM, SIGHUP) or a part of it dies, and leaves nothing running. While
 * it starts, and when it is asked a second time, it does not say goodbye in order: services end with their parent. Answers
 * the exit code.
 * @throws one line that says why it could not start
 */
export async function runLocalCloud(
  options: CloudOptions,
  whenUp: (cloud: LocalCloud) => Promise<void> = async () => {},
): Promise<number> {
  const ended = Promise.withResolvers<number>();
  let asked: (signal: NodeJS.Signals) => void = endAtOnce;
  for (const signal of SIGNALS) process.on(signal, (received) => asked(received));

  const cloud = await startLocalCloud(options);
  asked = () => {
    asked = endAtOnce;
    ended.resolve(0);
  };
  void cloud.died.then((why) => {
    console.error(`${why}. Stopping the rest.`);
    ended.resolve(1);
  });
  // Whatever was to be done once it is up must not outlive it, nor keep it.
  const done = whenUp(cloud).then(() => ended.promise);
  const code = await Promise.race([ended.promise, done]);
  await cloud.stop();
  return code;
}

function endAtOnce(signal: NodeJS.Signals): void {
  process.exit(128 + constants.signals[signal]);
}
