import { LocalCloudError } from "../errors.ts";
import type { Json, Scope } from "./templates.ts";

/** `AWS::NoValue`: the property is to be left out. */
export const NO_VALUE = Symbol("AWS::NoValue");
export type Resolved = Json | typeof NO_VALUE;

/** Resolves the properties that names are made of; handed in, since it in turn asks for references. */
type ResolveText = (value: Json, scope: Scope) => string;

/** How a type of resource is named and addressed here. Types that are not listed cannot be referred to. */
type ResourceKind = {
  /** The property that names it; without one, its logical id is its name. */
  readonly name?: string;
  /** What follows `arn:aws:`, for `Fn::GetAtt Arn`. */
  readonly arn?: (name: string, place: string) => string;
  /** `Ref` answers the ARN and not the name. */
  readonly refersByArn?: boolean;
};

const KINDS: Record<string, ResourceKind> = {
  "AWS::Lambda::Function": { name: "FunctionName", arn: (name, place) => `lambda:${place}:function:${name}` },
  "AWS::StepFunctions::StateMachine": {
    name: "StateMachineName",
    arn: (name, place) => `states:${place}:stateMachine:${name}`,
    refersByArn: true,
  },
  "AWS::Events::Rule": { name: "Name", arn: (name, place) => `events:${place}:rule/${name}` },
  "AWS::SQS::Queue": { name: "QueueName", arn: (name, place) => `sqs:${place}:${name}` },
  "AWS::SNS::Topic": { name: "TopicName", arn: (name, place) => `sns:${place}:${name}`, refersByArn: true },
  "AWS::S3::Bucket": { name: "BucketName", arn: (name) => `s3:::${name}` },
  "AWS::IAM::Role": { name: "RoleName", arn: (name, place) => `iam::${place.split(":")[1]}:role/${name}` },
  "AWS::Logs::LogGroup": { name: "LogGroupName", arn: (name, place) => `logs:${place}:log-group:${name}:*` },
  "AWS::ApiGatewayV2::Api": {},
  "AWS::ApiGatewayV2::Integration": {},
};

/** What `Ref` means: a pseudo parameter, a parameter's default, or a resource. */
export function reference(id: string, scope: Scope, resolveText: ResolveText): Resolved {
  if (id.startsWith("AWS::")) return pseudoParameter(id, scope);
  const parameter = scope.stack.template.Parameters?.[id];
  if (parameter?.Default !== undefined) return parameter.Default;
  const { kind, name } = identify(id, scope, resolveText);
  return kind.refersByArn ? arnOf(kind, name, id, scope) : name;
}

/** What `Fn::GetAtt` means: the ARN, or the name, of a resource. */
export function attribute(id: string, attributeName: string, scope: Scope, resolveText: ResolveText): string {
  const { kind, name } = identify(id, scope, resolveText);
  if (attributeName === "Arn") return arnOf(kind, name, id, scope);
  if (attributeName === "Name" || attributeName === kind.name) return name;
  throw new LocalCloudError(
    `The local cloud has no value for ${id}.${attributeName} (stack ${scope.stack.id}).`,
  );
}

function identify(id: string, scope: Scope, resolveText: ResolveText): { kind: ResourceKind; name: string } {
  const resource = scope.stack.template.Resources[id];
  if (!resource)
    throw new LocalCloudError(`Stack ${scope.stack.id} refers to ${id}, which it does not contain.`);
  const kind = KINDS[resource.Type];
  if (!kind) {
    throw new LocalCloudError(
      `The local cloud cannot refer to ${id}, of type ${resource.Type} (stack ${scope.stack.id}).`,
    );
  }
  const given = kind.name === undefined ? undefined : resource.Properties?.[kind.name];
  return {
    kind,
    name: given === undefined ? generatedName(resource.Type, id, scope) : resolveText(given, scope),
  };
}

/** What CloudFormation would call it, but for its random ending; functions of two stacks may share a logical id. */
function generatedName(type: string, id: string, scope: Scope): string {
  if (type === "AWS::S3::Bucket") return id.toLowerCase();
  return type === "AWS::Lambda::Function" ? `${scope.stack.id}-${id}` : id;
}

function arnOf(kind: ResourceKind, name: string, id: string, scope: Scope): string {
  if (!kind.arn) throw new LocalCloudError(`The local cloud has no ARN for ${id} (stack ${scope.stack.id}).`);
  return `arn:aws:${kind.arn(name, `${scope.templates.region}:${scope.templates.account}`)}`;
}

function pseudoParameter(id: string, scope: Scope): Resolved {
  const { account, region } = scope.templates;
  if (id === "AWS::AccountId") return account;
  if (id === "AWS::Region") return region;
  if (id === "AWS::Partition") return "aws";
  if (id === "AWS::URLSuffix") return "amazonaws.com";
  if (id === "AWS::StackName") return scope.stack.id;
  if (id === "AWS::NoValue") return NO_VALUE;
  throw new LocalCloudError(`The local cloud has no value for ${id} (stack ${scope.stack.id}).`);
}
