import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Json, JsonObject, Resource } from "./templates.ts";

export type FunctionFixture = {
  /** The body of `handler = async (event, context) => { ... }`; `import`s are not possible, `await import()` is. */
  readonly handler: string;
  readonly timeout?: number;
  readonly memory?: number;
  readonly environment?: Readonly<Record<string, Json>>;
  readonly properties?: JsonObject;
};

export type AssemblyFixture = {
  readonly functions?: Readonly<Record<string, FunctionFixture>>;
  /** Definitions with `<Step>` where the ARN of the function with the logical id `Step` belongs. */
  readonly machines?: Readonly<Record<string, object>>;
  /** Route key to the logical id of a function. */
  readonly routes?: Readonly<Record<string, string>>;
  readonly resources?: Readonly<Record<string, Resource>>;
};

/** Writes a cloud assembly as CDK and SST write them, one stack, into a fresh folder; answers the folder. */
export function writeAssembly(fixture: AssemblyFixture): string {
  const dir = mkdtempSync(path.join(tmpdir(), "localcloud-assembly-"));
  const functions = Object.entries(fixture.functions ?? {});
  const resources: Record<string, Resource> = {
    ...Object.fromEntries(functions.map(([id, spec]) => [id, functionResource(dir, id, spec)])),
    ...Object.fromEntries(
      Object.entries(fixture.machines ?? {}).map(([id, machine]) => [id, machineResource(id, machine)]),
    ),
    ...routeResources(fixture.routes ?? {}),
    ...fixture.resources,
  };
  writeFileSync(path.join(dir, "app.template.json"), JSON.stringify({ Resources: resources }));
  writeManifest(dir, ["app"]);
  return dir;
}

export function writeManifest(dir: string, stacks: readonly string[]): void {
  const artifacts = stacks.map((id) => [
    id,
    {
      type: "aws:cloudformation:stack",
      environment: "aws://123456789012/eu-west-1",
      properties: { templateFile: `${id}.template.json` },
    },
  ]);
  writeFileSync(
    path.join(dir, "manifest.json"),
    JSON.stringify({ artifacts: Object.fromEntries(artifacts) }),
  );
}

function functionResource(dir: string, id: string, spec: FunctionFixture): Resource {
  const folder = path.join(dir, `asset.${id}`, "src");
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, "main.mjs"),
    `export const handler = async (event, context) => {\n${spec.handler}\n};\n`,
  );
  return {
    Type: "AWS::Lambda::Function",
    Properties: {
      Code: { S3Bucket: "cdk-assets", S3Key: `${id}.zip` },
      FunctionName: `test-${id}`,
      Handler: "src/main.handler",
      Runtime: "nodejs24.x",
      ...(spec.timeout === undefined ? {} : { Timeout: spec.timeout }),
      MemorySize: spec.memory ?? 256,
      Environment: { Variables: { ...spec.environment } },
      ...spec.properties,
    },
  };
}

/** The definition as CDK writes it: a Join of text and references. */
function machineResource(id: string, definition: object): Resource {
  const parts = JSON.stringify(definition).split(/<(\w+)>/);
  const joined = parts.map((part, index): Json => (index % 2 === 0 ? part : { "Fn::GetAtt": [part, "Arn"] }));
  return {
    Type: "AWS::StepFunctions::StateMachine",
    Properties: {
      StateMachineName: `test-${id}`,
      RoleArn: "arn:aws:iam::123456789012:role/states",
      DefinitionString: { "Fn::Join": ["", joined] },
    },
  };
}

function routeResources(routes: Readonly<Record<string, string>>): Record<string, Resource> {
  const entries = Object.entries(routes);
  if (entries.length === 0) return {};
  const made = entries.flatMap(([key, functionId], index): [string, Resource][] => [
    [
      `Integration${index}`,
      {
        Type: "AWS::ApiGatewayV2::Integration",
        Properties: {
          ApiId: { Ref: "Http" },
          IntegrationType: "AWS_PROXY",
          IntegrationUri: { "Fn::GetAtt": [functionId, "Arn"] },
          PayloadFormatVersion: "2.0",
        },
      },
    ],
    [
      `Route${index}`,
      {
        Type: "AWS::ApiGatewayV2::Route",
        Properties: {
          ApiId: { Ref: "Http" },
          RouteKey: key,
          Target: { "Fn::Join": ["", ["integrations/", { Ref: `Integration${index}` }]] },
        },
      },
    ],
  ]);
  return {
    Http: { Type: "AWS::ApiGatewayV2::Api", Properties: { ProtocolType: "HTTP" } },
    ...Object.fromEntries(made),
  };
}
