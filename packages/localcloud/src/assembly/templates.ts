import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { LocalCloudError } from "../errors.ts";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export type Resource = { Type: string; Properties?: JsonObject };

export type Template = {
  Resources: Record<string, Resource>;
  Outputs?: Record<string, { Value: Json; Export?: { Name: Json } }>;
  Parameters?: Record<string, { Default?: Json }>;
  Conditions?: Record<string, Json>;
};

export type Stack = { readonly id: string; readonly template: Template };

/** The stacks of one cloud assembly, as CDK wrote them. */
export type Templates = {
  readonly dir: string;
  readonly account: string;
  readonly region: string;
  readonly stacks: readonly Stack[];
};

/** Where a value stands: what `Ref` and `Fn::GetAtt` mean depends on its stack. */
export type Scope = { readonly templates: Templates; readonly stack: Stack };

type Manifest = {
  artifacts: Record<string, { type: string; environment?: string; properties?: { templateFile?: string } }>;
};

/**
 * Reads the manifest of a cloud assembly and the templates it names. Only those: the folder keeps templates of
 * stages built earlier, so looking for files would run stacks nobody asked for.
 */
export function readTemplates(dir: string): Templates {
  const manifestFile = path.join(dir, "manifest.json");
  if (!existsSync(manifestFile)) {
    throw new LocalCloudError(
      `There is nothing to run: ${manifestFile} is missing. Run \`npm run synth\` first.`,
    );
  }
  const manifest = JSON.parse(readFileSync(manifestFile, "utf8")) as Manifest;
  const artifacts = Object.entries(manifest.artifacts).filter(
    ([, a]) => a.type === "aws:cloudformation:stack",
  );
  const place = /^aws:\/\/([\w-]+)\/([\w-]+)$/.exec(artifacts[0]?.[1].environment ?? "");
  if (!place) throw new LocalCloudError(`${manifestFile} names no stack with an account and a region.`);
  return {
    dir,
    account: place[1] ?? "",
    region: place[2] ?? "",
    stacks: artifacts.map(([id, artifact]) => ({
      id,
      template: JSON.parse(
        readFileSync(path.join(dir, artifact.properties?.templateFile ?? `${id}.template.json`), "utf8"),
      ) as Template,
    })),
  };
}

/** Every resource of a type, with the stack it stands in. */
export function resourcesOf(templates: Templates, type: string) {
  return templates.stacks.flatMap((stack) =>
    Object.entries(stack.template.Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([logicalId, resource]) => ({ stack, logicalId, properties: resource.Properties ?? {} })),
  );
}
