import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { type CloudProcess, startCloud } from "./support/cloud-process.ts";
import { endedExecution } from "./support/executions.ts";
import { booksOf, ended, newPerson, ORDER, until } from "./support/person.ts";
import { providerControl } from "./support/provider-control.ts";

/** What survives the death of the whole machine: nothing held, nothing stuck, no call forgotten. */
const dir = mkdtempSync(path.join(tmpdir(), "imgpilot-death-"));
let cloud: CloudProcess | undefined;

afterEach(async () => {
  await cloud?.stop();
  rmSync(dir, { recursive: true, force: true });
});

test("SIGKILL in the middle of SubmitImage: after the next start the run is settled and its call is on record (W3, W4)", async () => {
  cloud = await startCloud(dir);
  const google = providerControl("google", cloud.endpoints.simulators.google);
  await google.next({ name: "slow", seconds: 120 });
  const before = await newPerson(cloud.endpoints);
  const { id } = await before.client.createGeneration({ body: ORDER });
  await until(
    "the call",
    () => google.requests(),
    (requests) => requests.length === 1,
  );
  await cloud.kill();

  cloud = await startCloud(dir);
  const { createClient } = await import("@imgpilot/contract/client");
  const ann = { ...before, client: createClient({ baseUrl: cloud.endpoints.gateway, token: before.token }) };
  const generation = await ended(ann, id, 60);

  expect(booksOf(generation)).toEqual({ charged: 0, returned: 4, delivered: 0, balanced: true });
  expect(await ann.client.getCredits({})).toMatchObject({ available: 20, held: 0 });
  expect(generation.receipt.attempts).toHaveLength(1);
  expect(generation.receipt.attempts[0]?.costMicros).toBe(33_600);
  const execution = await endedExecution(cloud.endpoints, `${id}-1`);
  expect(execution.status).toBe("ABORTED");
  expect(execution.events.at(-1)?.type).toBe("ExecutionAborted");

  const next = await ann.client.createGeneration({ body: ORDER });
  expect((await ended(ann, next.id)).state).toBe("succeeded");
}, 240_000);
