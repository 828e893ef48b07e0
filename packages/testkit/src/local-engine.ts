import { ExecutionError, StateMachine } from "aws-local-stepfunctions";
import { type Definition, withNested } from "./asl/definition.ts";
import type { Walk, Walked } from "./state-machine.ts";

/**
 * Walks a definition through the engine that the local cloud runs on, which knows nothing of ours, without waiting
 * between retries and in Wait states. `path` lists the states of each item of a Map in one piece, items in order.
 */
export async function walkLocally(
  definition: Definition,
  { input, tasks }: Pick<Walk, "input" | "tasks">,
): Promise<Pick<Walked, "status" | "output" | "error" | "path">> {
  // A copy: its validator writes defaults into what it checks.
  const machine = new StateMachine(structuredClone(definition) as never, {
    validationOptions: { checkPaths: true, checkArn: true },
  });
  const run = machine.run(input as never, {
    overrides: {
      taskResourceLocalHandlers: tasks as never,
      waitTimeOverrides: zeroFor(definition, (state) => state.Type === "Wait"),
      retryIntervalOverrides: zeroFor(definition, (state) => state.Retry !== undefined),
    },
  });
  const result = run.result.then(
    (output) => ({ status: "SUCCEEDED" as const, output, error: null }),
    (error: Error) => {
      const { name, message } = error instanceof ExecutionError ? (error.cause as Error) : error;
      return { status: "FAILED" as const, output: null, error: { name, cause: message } };
    },
  );
  const entered: { name: string; index: number | undefined }[] = [];
  for await (const event of run.eventLogs)
    if (event.type === "StateEntered") entered.push({ name: event.state.name, index: event.index });
  return { ...(await result), path: itemsInOrder(entered) };
}

/** The path of `walk` as `walkLocally` tells it: the two interleave the items of a Map differently. */
export const comparable = (path: readonly string[]): string[] =>
  itemsInOrder(
    path.map((entry) => {
      const [, name = entry, index] = /^(.*)\[(\d+)\]$/.exec(entry) ?? [];
      return { name, index: index === undefined ? undefined : Number(index) };
    }),
  );

function itemsInOrder(entered: { name: string; index: number | undefined }[]): string[] {
  const path: string[] = [];
  for (let at = 0; at < entered.length; ) {
    let end = at + 1;
    if (entered[at]?.index !== undefined) while (entered[end]?.index !== undefined) end++;
    const stretch = entered.slice(at, end).sort((a, b) => (a.index ?? 0) - (b.index ?? 0));
    path.push(...stretch.map(({ name, index }) => (index === undefined ? name : `${name}[${index}]`)));
    at = end;
  }
  return path;
}

function zeroFor(definition: Definition, wanted: (state: Definition["States"][string]) => boolean) {
  const states = withNested(definition).flatMap(({ States }) => Object.entries(States));
  return Object.fromEntries(states.filter(([, state]) => wanted(state)).map(([name]) => [name, 0]));
}
