import { createHash } from "node:crypto";
import { PLANS } from "@imgpilot/contract/plans";
import type { Books, RunRow } from "./books.ts";
import { mayBePaid } from "./providers.ts";
import type { World } from "./world.ts";

/** Every way in which what is left of a schedule breaks a promise, by the numbers of ledger.md; none: it kept them. */
export function findViolations(world: World, books: Books): string[] {
  return [
    ...quiet(world, books),
    ...money(books),
    ...answers(world, books),
    ...settlers(world, books),
    ...pictures(world, books),
    ...calls(world, books),
    ...verbs(world, books),
    ...limits(world, books),
    ...endings(world, books),
    ...world.crashes.map((error) => `a step threw what nobody put in: ${causes(error)}`),
  ];
}

/** The longest that a run may be open after its start: its hold, or until there is a database again (L14). */
const HOLD_SECONDS = 5_400;
const SWEEP_SECONDS = 660;

function quiet(world: World, { holds, held, runs, generations }: Books): string[] {
  const open = runs.filter((run) => run.open);
  const unended = generations.filter(({ state }) => state === "queued" || state === "running");
  const limit = Math.max(HOLD_SECONDS, world.gate.databaseIsDownUntil) + SWEEP_SECONDS;
  const late = runs.filter(
    ({ settled, dispatched }) => settled !== null && dispatched !== null && settled - dispatched > limit,
  );
  const running = [...world.cloud.executions.values()].filter(({ status }) => status === "RUNNING");
  return [
    ...(holds > 0 || held > 0 ? [`W3: ${held} credits are still held by ${holds} holds`] : []),
    ...open.map(({ id }) => `W3: run ${id} is still open`),
    ...unended.map(({ id, state }) => `W3: generation ${id} is still ${state}`),
    ...late.map(
      ({ id, settled, dispatched }) => `L14: ${id} was open for ${(settled ?? 0) - (dispatched ?? 0)} s`,
    ),
    ...running.map(({ input }) => `W3: the execution of ${input.runId} runs for ever`),
  ];
}

function money({ granted, available, consumed, runs, images, generations }: Books): string[] {
  const found: string[] = [];
  const charged = runs.reduce((sum, run) => sum + (run.charged ?? 0), 0);
  if (consumed !== charged || available !== granted - charged)
    found.push(
      `L1: of ${granted}, ${available} are left and ${consumed} used, where ${charged} were charged`,
    );
  for (const run of runs) {
    const stored = images.filter(({ run_id }) => run_id === run.id).length;
    const isThere = generations.some(({ id }) => id === run.generation_id);
    if (isThere && run.recorded !== stored)
      found.push(`W2: ${run.id} has ${stored} images, and ${run.recorded} count`);
    if (run.charged !== (run.recorded ?? 0) * run.price_per_image)
      found.push(`W2: ${run.id} charged ${run.charged} for ${run.recorded} images`);
    if ((run.charged ?? 0) + (run.returned ?? 0) !== run.held)
      found.push(`L12: ${run.id} held ${run.held}, charged ${run.charged} and returned ${run.returned}`);
  }
  return found;
}

type Settled = { outcome: string; charged: number; returned: number };
const SETTLERS = ["CommitCredits", "RefundCredits", "execution-ended"];

/** What a step answers is ids and small numbers; the state of an execution has room for 256 KB (W7). */
const ANSWER_CHARS = 1_000;

/** Everybody who settles is told the same (L4), and nobody is told that an image is stored which is not (rule 3). */
function answers(world: World, books: Books): string[] {
  const found: string[] = [];
  const runOf = (id: string | undefined): RunRow | undefined => books.runs.find((run) => run.id === id);
  for (const { name, of, answer } of world.answers) {
    const run = runOf(of?.runId);
    if (of && JSON.stringify(answer ?? null).length > ANSWER_CHARS)
      found.push(`W7: ${name} answered at length`);
    if (SETTLERS.includes(name.replace("'", "")) && run) {
      const { outcome, charged, returned } = answer as Settled;
      if (outcome !== run.outcome || charged !== run.charged || returned !== run.returned)
        found.push(
          `L4: ${name} was told ${JSON.stringify(answer)}, but ${run.id} ended as ${run.outcome}, ${run.charged}`,
        );
    }
    const isDone = (answer as { verdict?: string } | null)?.verdict === "done";
    const isThere = books.generations.some(({ id }) => id === run?.generation_id);
    const isRecorded = books.images.some(({ run_id, image }) => run_id === of?.runId && image === of.image);
    if (isDone && isThere && !isRecorded)
      found.push(`W2: ${name} said done, and image ${of?.image} is not recorded`);
  }
  return found;
}

/** Whoever settles first has settled; nobody who comes later changes it (L4). */
function settlers(world: World, { runs }: Books): string[] {
  const found: string[] = [];
  for (const { id, settled_by } of runs) {
    const first = world.gate.answered[firstSettler(world.gate.answered, id)];
    const by = { generation_cancel: "cancel", generation_remove: "delete" }[first?.verb ?? ""];
    const settler = by ?? first?.parameters[1] ?? null;
    if (settler !== settled_by) found.push(`L4: ${id} was settled by ${settler}, and then by ${settled_by}`);
  }
  return found;
}

/** The index of the first verb that settled the run; past the end, where none did. */
function firstSettler(answered: World["gate"]["answered"], runId: string): number {
  const index = answered.findIndex(({ verb, parameters: [of] }) =>
    verb === "run_settlement"
      ? of === runId
      : /^generation_(cancel|remove)$/.test(verb) && runId.startsWith(`${of}`),
  );
  return index < 0 ? answered.length : index;
}

/** What is recorded is there, and what is there is recorded or will be removed (R6). */
function pictures(world: World, { images, runs, deletions }: Books): string[] {
  const { objects } = world.lane;
  const found: string[] = [];
  for (const { run_id, image, keys, sha256 } of images) {
    const original = objects.bytes(keys[0] ?? "");
    const isSame = original && createHash("sha256").update(original).digest("hex") === sha256;
    if (!isSame || keys.some((key) => !objects.bytes(key)))
      found.push(`W2: an object of image ${image} of ${run_id} is missing or another`);
    if (keys.some((key) => deletions.includes(key)))
      found.push(`W2: image ${image} of ${run_id} will be removed`);
  }
  const kept = new Set(images.flatMap(({ keys }) => keys));
  for (const { id } of runs)
    for (const key of objects.keys(`/${id}/`))
      if (!kept.has(key) && !deletions.includes(key)) found.push(`R6: nobody will remove ${key}`);
  return found;
}

const ATTEMPT_SECONDS = 275;

/** Providers are never paid in silence, nor for what nobody waits for (W4). */
function calls(world: World, { attempts, runs }: Books): string[] {
  const found: string[] = [];
  const made = world.providers.calls;
  for (const call of made) {
    const who = `image ${call.image} of ${call.runId}`;
    const rows = attempts.filter((row) => row.run_id === call.runId && row.image === call.image);
    const mine = made.filter(({ runId, image }) => runId === call.runId && image === call.image);
    if (!call.isBooked) found.push(`W4: ${who} was ordered and not in the books`);
    if (mine.length > rows.length)
      found.push(`W4: ${who} was ordered ${mine.length} times, booked ${rows.length}`);
    const paid = mine.filter(({ reply }) => mayBePaid(reply)).length;
    const booked = rows.filter(({ state, cost_micros }) => cost_micros > 0 || state === "started").length;
    if (paid > booked) found.push(`W4: ${who} was maybe paid ${paid} times, and booked so ${booked} times`);
    const overlap = mine.find(
      (other) =>
        other !== call &&
        other.from > call.from &&
        other.from < Math.min(call.until, call.from + ATTEMPT_SECONDS),
    );
    if (overlap) found.push(`W4: ${who} was drawn twice at once`);
  }
  for (const run of runs) {
    const { answered } = world.gate;
    const late = answered
      .slice(firstSettler(answered, run.id))
      .find(
        ({ verb, parameters: [id], answer }) =>
          verb === "attempt_begin" && id === run.id && answer === "begun",
      );
    if (late) found.push(`W4: attempt ${late.parameters[2]} of ${run.id} was begun after its end`);
  }
  return found;
}

/** Nothing overwrites an unknown, which is booked as maybe paid (rule 5), nor takes back a record (rule 3). */
function verbs(world: World, { attempts, images, generations }: Books): string[] {
  const found: string[] = [];
  for (const { run_id, image, n, state, handle, error_kind } of attempts)
    if (handle && state === "failed" && error_kind === "overloaded")
      found.push(`W4: attempt ${n} of image ${image} of ${run_id} failed for a poll that failed by itself`);
  for (const { verb, parameters, answer } of world.gate.answered) {
    if (!verb.startsWith("attempt_") && verb !== "image_record") continue;
    const [runId, image, n] = parameters as [string, number, number];
    const row = attempts.find((one) => one.run_id === runId && one.image === image && one.n === n);
    if (answer === "unknown" && row?.state !== "unknown")
      found.push(`W4: attempt ${n} of image ${image} of ${runId} was unknown, and then ${row?.state}`);
    const isThere = generations.some(({ id }) => runId.startsWith(id));
    if (
      verb === "image_record" &&
      answer === "recorded" &&
      isThere &&
      !images.some((one) => one.run_id === runId && one.image === image)
    )
      found.push(`W2: image ${image} of ${runId} was recorded, and is no more`);
  }
  return found;
}

/** One order makes one run (W1), and no account has more of them at once than its plan allows (L21). */
function limits(world: World, { runs }: Books): string[] {
  const { orders } = world.person;
  const found = runs.length > orders.length ? [`W1: ${orders.length} orders made ${runs.length} runs`] : [];
  for (const { id, account_id, dispatched } of runs) {
    const isBusy = (other: RunRow) =>
      other.account_id === account_id &&
      dispatched !== null &&
      other.dispatched !== null &&
      other.dispatched <= dispatched &&
      dispatched < (other.settled ?? Number.POSITIVE_INFINITY);
    const busy = runs.filter(isBusy).length;
    if (busy > PLANS.free.concurrency) found.push(`L21: ${id} was one of ${busy} at once`);
  }
  for (const { id, settled_by, recorded, images, outcome } of runs)
    if (
      (settled_by === "cancel" || settled_by === "delete") &&
      recorded !== images.length &&
      outcome !== "cancelled"
    )
      found.push(`rule 11: ${id} was ended by its owner, and is ${outcome}`);
  return found;
}

const ENDS = ["GenerationSucceeded", "GenerationRefused", "GenerationFailed"];

/** An execution that nobody stopped settles its own run, and says how (rule 11, W3); within its limits (W12, L15). */
function endings(world: World, { runs, images, generations }: Books): string[] {
  const found: string[] = [];
  for (const [runId, { status, walked }] of world.cloud.executions) {
    const run = runs.find(({ id }) => id === runId);
    if (!walked || !run || status === "ABORTED" || status === "TIMED_OUT") continue;
    const last = walked.path.at(-1) ?? "";
    if (!ENDS.includes(last) && last !== "RefundCredits")
      found.push(`W3: the execution of ${runId} fell out of ${last}`);
    const right = run.outcome === "failed" ? "FAILED" : "SUCCEEDED";
    if (ENDS.includes(last) && status !== right)
      found.push(`rule 11: ${runId} ${run.outcome}, and its execution ${status}`);
    if (walked.path.includes("DrawImages") && !walked.path.includes("AnyStored"))
      found.push(`an image of ${runId} failed its siblings`);
    if (walked.events > 25_000) found.push(`W12: ${walked.events} events in the history of ${runId}`);
    const stored = walked.path.filter((state) => state.startsWith("ImageStored")).length;
    const recorded = images.filter(({ run_id }) => run_id === runId).length;
    if (stored > recorded && generations.some(({ id }) => id === run.generation_id))
      found.push(`W2: the execution of ${runId} saw ${stored} images stored, and ${recorded} are recorded`);
  }
  return found;
}

function causes(error: unknown): string {
  const said: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause)
    said.push(`${at.name}: ${at.message.slice(0, 200)}`);
  return said.join(" / ") || String(error);
}
