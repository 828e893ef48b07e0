import { execFile } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { calledFunctions } from "@imgpilot/localcloud/assembly/read-assembly";
import { resourcesOf } from "@imgpilot/localcloud/assembly/templates";
import { synthesised } from "@imgpilot/testkit/assembly";
import { expect, test } from "vitest";

const { assembly, templates, functions } = synthesised();

const DATABASE = ["DATABASE_URL"];
const CACHE = ["REDIS_URL"];
const OBJECTS = ["OBJECTS_ACCESS_KEY_ID", "OBJECTS_SECRET_ACCESS_KEY"];
const PROVIDERS = [
  "BFL_API_KEY",
  "FAL_API_KEY",
  "GOOGLE_API_KEY",
  "OPENAI_API_KEY",
  "REPLICATE_API_KEY",
  "XAI_API_KEY",
];
const HTTP = [...DATABASE, ...CACHE];

/** Who may know what. A key that a function does not have cannot leak from it. */
const SECRETS: Record<string, string[]> = {
  "reserve-credits": DATABASE,
  "submit-image": [...DATABASE, ...CACHE, ...OBJECTS, ...PROVIDERS],
  "poll-image": [...DATABASE, ...CACHE, ...OBJECTS, ...PROVIDERS],
  "store-image": [...DATABASE, ...OBJECTS],
  "commit-credits": DATABASE,
  "refund-credits": DATABASE,
  "http-catalogue": [...HTTP, ...OBJECTS],
  "http-auth": [...HTTP, "AUTH_SECRET", "RESEND_API_KEY"],
  "http-uploads": [...HTTP, ...OBJECTS, "AUTH_SECRET"],
  "http-generations": [...HTTP, ...OBJECTS, "AUTH_SECRET"],
  "http-credits": [...HTTP, "AUTH_SECRET"],
  "http-shares": [...HTTP, ...OBJECTS, "AUTH_SECRET"],
  "http-drafts": HTTP,
  "http-status": HTTP,
  "http-mail": [...HTTP, "AUTH_SECRET"],
  "http-prompts": [...HTTP, ...OBJECTS, "AUTH_SECRET", "GOOGLE_API_KEY", "OPENAI_API_KEY", "XAI_API_KEY"],
  // It asks the API, as anybody may.
  site: [],
  "execution-ended": DATABASE,
  dispatch: DATABASE,
  sweep: DATABASE,
  "remove-objects": [...DATABASE, ...OBJECTS],
  "expire-credits": DATABASE,
  forget: DATABASE,
  "send-mail": [...DATABASE, "AUTH_SECRET", "RESEND_API_KEY"],
  audit: DATABASE,
};

/** Who may act on executions of the workflow. */
const STATES: Record<string, string[]> = {
  "http-catalogue": ["states:DescribeExecution"],
  "http-generations": ["states:DescribeExecution", "states:StartExecution", "states:StopExecution"],
  "execution-ended": ["states:StartExecution"],
  dispatch: ["states:StartExecution"],
  sweep: ["states:DescribeExecution", "states:StartExecution", "states:StopExecution"],
};

test("every function is bound to the secrets that it needs and to no other", () => {
  const bound = [...functions].map(([name, spec]) => [
    name,
    spec.bound.map((variable) => variable.replace("SST_Secret_value_", "")).sort(),
  ]);
  expect(Object.fromEntries(bound)).toEqual(
    Object.fromEntries(Object.entries(SECRETS).map(([name, secrets]) => [name, secrets.toSorted()])),
  );
});

test("every function may do to the workflow what it must, on our machine alone, and nothing is allowed on everything", () => {
  const statements = resourcesOf(templates, "AWS::IAM::Policy").flatMap(({ properties }) => {
    const { Statement } = properties.PolicyDocument as unknown as { Statement: Statement[] };
    const role = JSON.stringify(properties.Roles);
    return Statement.map((statement) => ({ ...statement, role }));
  });
  const allowed: Record<string, string[]> = {};
  for (const { role, Action, Resource } of statements) {
    const actions = [Action].flat();
    if (JSON.stringify(Resource) === '"*"')
      expect(actions.filter((action) => !LOGS_AND_TRACES.test(action))).toEqual([]);
    const onWorkflow = actions.filter((action) => action.startsWith("states:"));
    if (onWorkflow.length === 0) continue;
    const name =
      Object.keys(STATES).find((known) => role.includes(`"${known.replaceAll("-", "")}ServiceRole`)) ?? role;
    allowed[name] = [...(allowed[name] ?? []), ...onWorkflow].sort();
    expect(JSON.stringify(Resource)).toMatch(/:(stateMachine|execution):imgpilot-local-generation/);
  }
  expect(allowed).toEqual(STATES);
});

type Statement = { Action: string | string[]; Resource: unknown };
/** These two services know no narrower resource for them. */
const LOGS_AND_TRACES = /^(xray:Put|xray:GetSampling|logs:)/;

test("a function that is told of the workflow may act on it, and the other way round", () => {
  const told = [...functions].filter(([, { environment }]) => environment.GENERATION_WORKFLOW_ARN);
  expect(told.map(([name]) => name).sort()).toEqual(Object.keys(STATES).sort());
  for (const [, { environment }] of told)
    expect(environment.GENERATION_WORKFLOW_ARN).toBe(assembly.stateMachines[0]?.arn);
});

/** What the site build writes. */
const SITE = "site/dist/server/entry.handler";

test("every handler that was written is deployed, and every function has one", () => {
  const written = globSync("packages/functions/src/{http,workflow,events,jobs}/*.ts", { cwd: root });
  const handlers = written.filter((file) => !file.includes(".test.")).map(handlerOf);
  const deployed = resourcesOf(templates, "AWS::Lambda::Function").map(
    ({ properties }) => properties.Handler,
  );
  expect(deployed.filter((handler) => !CDK_HANDLERS.test(String(handler))).sort()).toEqual(
    [...handlers, SITE].sort(),
  );
});

const root = path.resolve(import.meta.dirname, "..");
const handlerOf = (file: string) => file.replace(/\.ts$/, ".handler");
/** SST and CDK bring functions of their own, for the deployment. */
const CDK_HANDLERS = /^index\.\w+$/;

test("every bundle loads in plain Node and exports its handler", async () => {
  const files = assembly.functions.map(({ file }) => pathToFileURL(file).href);
  expect(files).toHaveLength(Object.keys(SECRETS).length);
  const script = `const found = {};
    for (const file of ${JSON.stringify(files)}) found[file] = typeof (await import(file)).handler;
    console.log(JSON.stringify(found));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
  expect(JSON.parse(stdout)).toEqual(Object.fromEntries(files.map((file) => [file, "function"])));
});

test("only the bundles that decode pictures ask for sharp: no other carries it to AWS", () => {
  const asking = [...functions].filter(([, { file }]) =>
    /from\s*"sharp"|import\("sharp"\)|require\("sharp"\)/.test(readFileSync(file, "utf8")),
  );
  expect(asking.map(([name]) => name).sort()).toEqual(["http-prompts", "store-image"]);
});

test("every function is called by a route, a rule or the state machine", () => {
  expect(
    calledFunctions(assembly)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(assembly.functions.map(({ name }) => name).sort());
});

test("the log of every function is kept for a month, and not for ever", () => {
  const groups = resourcesOf(templates, "AWS::Logs::LogGroup").map(({ properties }) => properties);
  for (const group of groups) expect(group.RetentionInDays).toBe(30);
  const names = groups.map((group) => group.LogGroupName);
  for (const { name } of assembly.functions) expect(names).toContain(`/aws/lambda/${name}`);
});
