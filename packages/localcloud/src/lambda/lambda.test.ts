import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { FunctionFixture } from "../assembly/assembly.fixture.ts";
import { lambdaWith } from "./lambda.fixture.ts";
import type { Lambda, LambdaOptions } from "./lambda.ts";
import type { Outcome } from "./outcome.ts";

let open: Lambda[] = [];
afterEach(async () => {
  await Promise.all(open.map((lambda) => lambda.close()));
  open = [];
});

function start(functions: Record<string, FunctionFixture>, options: Partial<LambdaOptions> = {}) {
  const started = lambdaWith(functions, options);
  open.push(started.lambda);
  return started;
}

const error = (outcome: Outcome) => ({ isError: outcome.isError, ...JSON.parse(outcome.body) });
const scratchFile = () => path.join(mkdtempSync(path.join(tmpdir(), "localcloud-")), "calls");

describe("what a function answers", () => {
  test("is its result as JSON, whatever name it is called by; undefined becomes null", async () => {
    const { lambda } = start({
      Echo: { handler: "return event.quiet ? undefined : { got: event, id: context.awsRequestId };" },
    });
    const arn = "arn:aws:lambda:eu-west-1:123456789012:function:test-Echo";
    for (const name of [
      "test-Echo",
      "test-Echo:live",
      arn,
      `${arn}:live`,
      "123456789012:function:test-Echo",
    ]) {
      const { isError, body } = await lambda.invoke(name, '{"a":1}');
      expect([isError, JSON.parse(body)]).toEqual([
        false,
        { got: { a: 1 }, id: expect.stringMatching(/^[\da-f-]{36}$/) },
      ]);
    }
    expect(await lambda.invoke("test-Echo", '{"quiet":true}')).toEqual({ isError: false, body: "null" });
  });

  test("is the error it threw, under its own name: state machines choose by it", async () => {
    const { lambda } = start({
      Throw: { handler: `throw Object.assign(new Error("busy"), { name: "provider.overloaded" });` },
    });
    expect(error(await lambda.invoke("test-Throw", "{}"))).toMatchObject({
      isError: true,
      errorType: "provider.overloaded",
      errorMessage: "busy",
      trace: expect.arrayContaining([expect.stringContaining("provider.overloaded: busy")]),
    });
  });

  test("sees its template's environment and nothing of this process", async () => {
    process.env.LEAKED_FROM_THE_SHELL = "1";
    const { lambda } = start({ Env: { handler: "return process.env;", environment: { STAGE: "local" } } });
    const environment = JSON.parse((await lambda.invoke("test-Env", "{}")).body);
    expect(environment).toMatchObject({
      STAGE: "local",
      AWS_REGION: "eu-west-1",
      AWS_LAMBDA_FUNCTION_NAME: "test-Env",
    });
    expect(environment).not.toHaveProperty("LEAKED_FROM_THE_SHELL");
  });

  test("over 6 MB is an error, and an event over 6 MB is refused before it runs", async () => {
    const { lambda } = start({ Big: { handler: `return "x".repeat(event.size);`, memory: 512 } });
    const tooBig = await lambda.invoke("test-Big", '{"size":6300000}');
    expect(error(tooBig)).toMatchObject({ isError: true, errorType: "Function.ResponseSizeTooLarge" });
    const event = JSON.stringify({ size: 1, filler: "x".repeat(6_300_000) });
    await expect(lambda.invoke("test-Big", event)).rejects.toMatchObject({
      name: "RequestTooLargeException",
    });
  });
});

describe("a sandbox works on one invocation, and dies alone", () => {
  test("a timeout ends that invocation and none of its neighbours", async () => {
    const handler = "await new Promise((done) => setTimeout(done, event.ms)); return event.ms;";
    const { lambda } = start({ Slow: { handler, timeout: 1 } });
    const [late, early] = await Promise.all([
      lambda.invoke("test-Slow", '{"ms":60000}'),
      lambda.invoke("test-Slow", '{"ms":900}'),
    ]);
    expect(error(late)).toMatchObject({
      errorType: "Sandbox.Timedout",
      errorMessage: expect.stringContaining("1.00 seconds"),
    });
    expect(early).toEqual({ isError: false, body: "900" });
    expect(await lambda.invoke("test-Slow", '{"ms":0}')).toEqual({ isError: false, body: "0" });
  });

  test("a timed-out sandbox is ended: what it had still to do does not happen", async () => {
    const file = scratchFile();
    const handler = `const { writeFileSync } = await import("node:fs");
      setTimeout(() => writeFileSync(event.file, "written"), 1500); await new Promise(() => {});`;
    const { lambda } = start({
      Zombie: { handler, timeout: 1 },
      Wait: { handler: "await new Promise((done) => setTimeout(done, 1000));" },
    });
    await lambda.invoke("test-Zombie", JSON.stringify({ file }));
    await lambda.invoke("test-Wait", "{}");
    expect(existsSync(file)).toBe(false);
  });

  test("a handler that never yields is ended as well", async () => {
    const { lambda } = start({ Loop: { handler: "for (;;);", timeout: 1 } });
    expect(error(await lambda.invoke("test-Loop", "{}"))).toMatchObject({ errorType: "Sandbox.Timedout" });
  });

  test.each([
    ["process.exit", "process.exit(3);", /exit status 3/],
    [
      "an uncaught error",
      `setTimeout(() => { throw new TypeError("oops"); }); await new Promise(() => {});`,
      /TypeError: oops/,
    ],
    ["no memory left", "const hoard = []; for (;;) hoard.push(new Array(1e5).fill({}));", /out of memory/],
  ])("%s is Runtime.ExitError, and the next invocation finds a new sandbox", async (_, crash, message) => {
    const { lambda } = start({
      Crash: { handler: `if (event.ok) return "fine"; ${crash}`, timeout: 20, memory: 64 },
    });
    const outcome = error(await lambda.invoke("test-Crash", "{}"));
    expect(outcome).toMatchObject({
      errorType: "Runtime.ExitError",
      errorMessage: expect.stringMatching(message),
    });
    expect((await lambda.invoke("test-Crash", '{"ok":true}')).body).toBe('"fine"');
  });

  test("invocations at the same time never share one; later ones find it warm", async () => {
    const handler = `globalThis.calls = (globalThis.calls ?? 0) + 1; globalThis.busy = (globalThis.busy ?? 0) + 1;
      const busy = globalThis.busy; await new Promise((done) => setTimeout(done, 30)); globalThis.busy -= 1;
      return { busy, calls: globalThis.calls };`;
    const { lambda } = start({ Count: { handler } });
    const outcomes = await Promise.all(Array.from({ length: 30 }, () => lambda.invoke("test-Count", "{}")));
    const answers = outcomes.map(({ body }) => JSON.parse(body) as { busy: number; calls: number });
    expect(answers.map(({ busy }) => busy)).toEqual(new Array(30).fill(1));
    expect(Math.max(...answers.map(({ calls }) => calls))).toBeGreaterThan(1);
  });
});

describe("what keeps a function from running", () => {
  test("a bundle that cannot be loaded answers why, to each that calls it, and to the warm-up", async () => {
    const { lambda } = start({
      Broken: { handler: 'return 1; }; throw new Error("cannot start"); {' },
      Nameless: { handler: "", properties: { Handler: "src/main.nothing" } },
    });
    for (const name of ["test-Broken", "test-Broken"])
      expect(error(await lambda.invoke(name, "{}"))).toMatchObject({
        isError: true,
        errorMessage: expect.stringContaining("cannot start"),
      });
    const functions = [lambda.find("test-Broken"), lambda.find("test-Nameless")].filter(
      (spec) => spec !== null,
    );
    const problems = await lambda.warm(functions);
    expect(problems.map(({ name }) => name).sort()).toEqual(["test-Broken", "test-Nameless"]);
    expect(problems.find(({ name }) => name === "test-Nameless")?.problem).toContain(
      "Runtime.HandlerNotFound",
    );
  });

  test("an unknown name is ResourceNotFoundException", async () => {
    const { lambda } = start({});
    await expect(lambda.invoke("ghost", "{}")).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      status: 404,
    });
  });

  test("above its reserved concurrency a function is throttled, and serves again afterwards", async () => {
    const handler = "await new Promise((done) => setTimeout(done, event.ms)); return 1;";
    const { lambda } = start({ Few: { handler, properties: { ReservedConcurrentExecutions: 1 } } });
    const first = lambda.invoke("test-Few", '{"ms":100}');
    await expect(lambda.invoke("test-Few", '{"ms":0}')).rejects.toMatchObject({
      name: "TooManyRequestsException",
    });
    await first;
    expect((await lambda.invoke("test-Few", '{"ms":0}')).body).toBe("1");
  });
});

test("an asynchronous invocation that fails is tried twice more, then reported", async () => {
  const file = scratchFile();
  const handler = `const { appendFileSync } = await import("node:fs"); appendFileSync(event.file, "x"); throw new Error("no");`;
  const log = vi.fn();
  const { lambda } = start({ Fail: { handler } }, { log, asyncRetryDelaysMs: [5, 5] });
  lambda.invokeAsync("test-Fail", JSON.stringify({ file }));
  await vi.waitFor(() => expect(log).toHaveBeenCalled(), { timeout: 10_000 });
  expect(readFileSync(file, "utf8")).toBe("xxx");
  expect(log.mock.calls).toEqual([[expect.stringContaining("failed 3 times")]]);
});

test("what functions say is kept as JSON lines with the request they said it in", async () => {
  const handler = `console.log("hello"); console.error("trouble"); console.log(JSON.stringify({ level: "INFO", mine: 1 })); return 1;`;
  const { lambda, logDir } = start({ Talk: { handler } });
  await lambda.invoke("test-Talk", "{}");
  await lambda.close();
  const lines = readFileSync(path.join(logDir, "test-Talk.log"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ level: "INFO", message: "hello", requestId: expect.any(String) }),
      expect.objectContaining({ level: "ERROR", message: "trouble" }),
      { level: "INFO", mine: 1 },
      expect.objectContaining({
        type: "platform.report",
        record: expect.objectContaining({ status: "success" }),
      }),
    ]),
  );
});
