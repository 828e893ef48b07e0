import { createRequire } from "node:module";

/** As much of `@aws-sdk/client-ssm` as is used. It is part of Lambda's own runtime, and not of our bundles. */
type Ssm = {
  SSMClient: new () => { send: (command: unknown) => Promise<Answer> };
  GetParametersCommand: new (input: { Names: string[]; WithDecryption: true }) => unknown;
};
type Answer = { Parameters?: { Name: string; Value: string }[]; InvalidParameters?: string[] };

const require = createRequire(import.meta.url);

/** What SST's `Config.Secret` keeps in SSM: a stage's own value, or else the one for all stages. At most ten names. */
export async function fetchSecrets(
  bound: { names: readonly string[]; app: string | undefined; prefix: string | undefined },
  ssm: () => Ssm = () => require("@aws-sdk/client-ssm") as Ssm,
): Promise<Record<string, string>> {
  const { SSMClient, GetParametersCommand } = ssm();
  const client = new SSMClient();
  const read = async (names: readonly string[], pathOf: (name: string) => string) => {
    if (names.length === 0) return {};
    const Names = names.map(pathOf);
    const { Parameters = [] } = await client.send(new GetParametersCommand({ Names, WithDecryption: true }));
    const values = new Map(Parameters.map(({ Name, Value }) => [Name, Value]));
    return Object.fromEntries(
      names.flatMap((name) => (values.has(pathOf(name)) ? [[name, values.get(pathOf(name)) ?? ""]] : [])),
    );
  };
  const own = await read(bound.names, (name) => `${bound.prefix}Secret/${name}/value`);
  const missing = bound.names.filter((name) => !(name in own));
  return { ...own, ...(await read(missing, (name) => `/sst/${bound.app}/.fallback/Secret/${name}/value`)) };
}
