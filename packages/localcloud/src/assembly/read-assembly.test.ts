// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${...}` is how CloudFormation writes references.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { writeAssembly, writeManifest } from "./assembly.fixture.ts";
import { bindEnvironment, calledFunctions, readAssembly } from "./read-assembly.ts";
import type { Json } from "./templates.ts";

const NOTHING_BOUND = new Set<string>();
const HANDLER = { handler: "return null;" };

/** What a value becomes in the environment of a function of stack `app`, which can import from stack `base`. */
function resolved(value: Json, more: Record<string, unknown> = {}): string | undefined {
  const dir = writeAssembly({ functions: { Echo: { ...HANDLER, environment: { VALUE: value } } } });
  const file = path.join(dir, "app.template.json");
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), ...more }));
  const base = {
    Resources: { Photos: { Type: "AWS::S3::Bucket", Properties: {} } },
    Outputs: {
      Photos: { Value: { Ref: "Photos" }, Export: { Name: { "Fn::Sub": "base:${AWS::Region}:photos" } } },
    },
  };
  writeFileSync(path.join(dir, "base.template.json"), JSON.stringify(base));
  writeManifest(dir, ["app", "base"]);
  return readAssembly(dir, NOTHING_BOUND).functions[0]?.environment.VALUE;
}

describe("intrinsic functions mean what they mean on AWS", () => {
  test.each<[string, Json, string]>([
    ["Ref to a pseudo parameter", { Ref: "AWS::Region" }, "eu-west-1"],
    ["Ref to a function: its name", { Ref: "Echo" }, "test-Echo"],
    [
      "GetAtt Arn, as a list",
      { "Fn::GetAtt": ["Echo", "Arn"] },
      "arn:aws:lambda:eu-west-1:123456789012:function:test-Echo",
    ],
    [
      "GetAtt Arn, as a text",
      { "Fn::GetAtt": "Echo.Arn" },
      "arn:aws:lambda:eu-west-1:123456789012:function:test-Echo",
    ],
    ["Join of nested functions", { "Fn::Join": ["-", ["a", { Ref: "AWS::Partition" }, "b"]] }, "a-aws-b"],
    [
      "Sub with variables and literals",
      { "Fn::Sub": ["${X}/${AWS::AccountId}/${!Y}", { X: "x" }] },
      "x/123456789012/${Y}",
    ],
    [
      "Sub of an attribute",
      { "Fn::Sub": "<${Echo.Arn}>" },
      "<arn:aws:lambda:eu-west-1:123456789012:function:test-Echo>",
    ],
    ["Select of a Split", { "Fn::Select": ["1", { "Fn::Split": [":", "a:b:c"] }] }, "b"],
    ["ImportValue from another stack", { "Fn::ImportValue": "base:eu-west-1:photos" }, "photos"],
    ["a number becomes text", 5, "5"],
  ])("%s", (_, value, expected) => expect(resolved(value)).toBe(expected));

  test("If follows the condition, And, Or, Not and Equals included", () => {
    const isEurope = { "Fn::Equals": [{ Ref: "AWS::Region" }, "eu-west-1"] };
    const Conditions = { IsEurope: isEurope, Other: { "Fn::Not": [{ Condition: "IsEurope" }] } };
    expect(resolved({ "Fn::If": ["IsEurope", "yes", "no"] }, { Conditions })).toBe("yes");
    expect(resolved({ "Fn::If": ["Other", "yes", "no"] }, { Conditions })).toBe("no");
    const both = { Both: { "Fn::And": [isEurope, { Condition: "Other" }] }, ...Conditions };
    expect(resolved({ "Fn::If": ["Both", "yes", "no"] }, { Conditions: both })).toBe("no");
  });
});

describe("what has no local meaning is refused, and the message says what and where", () => {
  test.each<[string, Json, RegExp]>([
    ["an unknown function", { "Fn::GetAZs": "" }, /Fn::GetAZs.*stack app/],
    ["an unknown resource", { Ref: "Ghost" }, /Ghost/],
    ["an unknown attribute", { "Fn::GetAtt": ["Echo", "SnapStart"] }, /Echo\.SnapStart/],
    ["a type nothing here stands for", { "Fn::GetAtt": ["Table", "Arn"] }, /Table.*AWS::DynamoDB::Table/],
    ["an export nobody makes", { "Fn::ImportValue": "nobody" }, /nobody/],
    ["a condition nobody defines", { "Fn::If": ["Maybe", "a", "b"] }, /Maybe/],
  ])("%s", (_, value, message) => {
    const withTable = () => {
      const dir = writeAssembly({
        functions: { Echo: { ...HANDLER, environment: { VALUE: value } } },
        resources: { Table: { Type: "AWS::DynamoDB::Table", Properties: {} } },
      });
      return readAssembly(dir, NOTHING_BOUND);
    };
    expect(withTable).toThrow(message);
  });

  test("a missing assembly says which command makes it", () => {
    expect(() => readAssembly("/nonexistent", NOTHING_BOUND)).toThrow(/npm run synth/);
  });

  test("a route to a function without a bundle", () => {
    const resources = { Ghost: { Type: "AWS::Lambda::Function", Properties: { Code: { ZipFile: "" } } } };
    const dir = writeAssembly({ routes: { "GET /": "Ghost" }, resources });
    expect(() => readAssembly(dir, NOTHING_BOUND)).toThrow(/Route GET \/.*no bundle/);
  });

  test("a rule whose target says more than is delivered here", () => {
    const target = {
      Arn: { "Fn::GetAtt": ["Echo", "Arn"] },
      Id: "T",
      InputTransformer: { InputTemplate: "x" },
    };
    const resources = {
      OnX: { Type: "AWS::Events::Rule", Properties: { EventPattern: {}, Targets: [target] } },
    };
    const dir = writeAssembly({ functions: { Echo: HANDLER }, resources });
    expect(() => readAssembly(dir, NOTHING_BOUND)).toThrow(/InputTransformer/);
  });
});

describe("the model of an assembly", () => {
  test("functions have their template's limits, or Lambda's own where it says nothing", () => {
    const dir = writeAssembly({ functions: { A: { ...HANDLER, timeout: 270, memory: 1024 }, B: HANDLER } });
    const [a, b] = readAssembly(dir, NOTHING_BOUND).functions;
    expect(a).toMatchObject({
      name: "test-A",
      timeoutSeconds: 270,
      memoryMb: 1024,
      exportName: "handler",
      asyncRetries: 2,
    });
    expect(a?.file).toBe(path.join(dir, "asset.A/src/main.mjs"));
    expect(b?.timeoutSeconds).toBe(3);
  });

  test("a state machine's definition is whole: references and substitutions resolved, and escaped for JSON", () => {
    const dir = writeAssembly({
      functions: { Step: HANDLER },
      machines: { Flow: {} },
    });
    const file = path.join(dir, "app.template.json");
    const template = JSON.parse(readFileSync(file, "utf8"));
    const flow = template.Resources.Flow.Properties;
    flow.DefinitionString = {
      "Fn::Join": ["", [`{"Step":"`, { "Fn::GetAtt": ["Step", "Arn"] }, `","Note":"\${note}"}`]],
    };
    flow.DefinitionSubstitutions = { note: 'say "hi"' };
    writeFileSync(file, JSON.stringify(template));
    const [machine] = readAssembly(dir, NOTHING_BOUND).stateMachines;
    expect(machine?.arn).toBe("arn:aws:states:eu-west-1:123456789012:stateMachine:test-Flow");
    expect(JSON.parse(machine?.definition ?? "")).toEqual({
      Step: "arn:aws:lambda:eu-west-1:123456789012:function:test-Step",
      Note: 'say "hi"',
    });
  });

  test("disabled rules are left out; schedules, patterns and constant inputs are kept", () => {
    const target = {
      Arn: { "Fn::GetAtt": ["Job", "Arn"] },
      Id: "T",
      Input: '{"n":1}',
      RetryPolicy: { MaximumRetryAttempts: 3 },
    };
    const rule = (properties: Record<string, Json>) => ({
      Type: "AWS::Events::Rule",
      Properties: { Targets: [target], ...properties },
    });
    const dir = writeAssembly({
      functions: { Job: HANDLER },
      resources: {
        Often: rule({ ScheduleExpression: "rate(1 minute)", State: "ENABLED" }),
        Never: rule({ ScheduleExpression: "rate(1 minute)", State: "DISABLED" }),
        OnEnd: rule({ EventPattern: { source: ["aws.states"] } }),
      },
    });
    const { rules } = readAssembly(dir, NOTHING_BOUND);
    expect(rules.map((rule) => [rule.name, rule.schedule, rule.pattern])).toEqual([
      ["Often", "rate(1 minute)", null],
      ["OnEnd", null, { source: ["aws.states"] }],
    ]);
    expect(rules[0]?.targets[0]).toMatchObject({
      input: '{"n":1}',
      functionArn: expect.stringContaining("test-Job"),
    });
  });

  test("only templates the manifest names are read: older stages left in the folder do not run", () => {
    const dir = writeAssembly({ functions: { A: HANDLER } });
    const stale = { Resources: { Old: { Type: "AWS::StepFunctions::StateMachine", Properties: {} } } };
    writeFileSync(path.join(dir, "old.template.json"), JSON.stringify(stale));
    expect(readAssembly(dir, NOTHING_BOUND).stateMachines).toEqual([]);
  });

  test("called functions are those a route, rule or machine names: the ones worth warming", () => {
    const functions = { Web: HANDLER, Step: HANDLER, Idle: HANDLER };
    const machines = {
      Flow: { StartAt: "S", States: { S: { Type: "Task", Resource: "<Step>", End: true } } },
    };
    const assembly = readAssembly(
      writeAssembly({ functions, machines, routes: { $default: "Web" } }),
      NOTHING_BOUND,
    );
    expect(calledFunctions(assembly).map((spec) => spec.name)).toEqual(["test-Web", "test-Step"]);
  });
});

describe("bindings", () => {
  const environment = {
    STAGE: "local",
    SST_Secret_value_KEY: "__FETCH_FROM_SSM__",
    PLACE: { Ref: "Unresolvable" },
  };
  const read = (bound: string[]) => {
    const dir = writeAssembly({ functions: { A: { ...HANDLER, environment } } });
    const [spec] = readAssembly(dir, new Set(bound)).functions;
    if (!spec) throw new Error("no function");
    return spec;
  };

  test("replace what a function declares, unresolved, and leave the rest as the template says", () => {
    const bound = bindEnvironment(read(["PLACE"]), { PLACE: "here", SST_Secret_value_KEY: "k" });
    expect(bound).toEqual({ STAGE: "local", PLACE: "here", SST_Secret_value_KEY: "k" });
  });

  test("are not given to a function that does not declare them: a forgotten bind fails here as on AWS", () => {
    const bound = bindEnvironment(read(["PLACE"]), { PLACE: "here", SST_Secret_value_KEY: "k", OTHER: "x" });
    expect(bound).not.toHaveProperty("OTHER");
  });

  test("that are missing stop the start and name function and variable", () => {
    expect(() => bindEnvironment(read(["PLACE"]), { PLACE: "here" })).toThrow(/test-A.*SST_Secret_value_KEY/);
  });
});
