import { expect, test } from "vitest";
import { fetchSecrets } from "./ssm.ts";

/** As much of SSM as is used: what is in it, and what it was asked for. */
function ssmWith(parameters: Record<string, string>) {
  const asked: string[][] = [];
  class GetParametersCommand {
    readonly input: { Names: string[]; WithDecryption: true };
    constructor(input: { Names: string[]; WithDecryption: true }) {
      this.input = input;
    }
  }
  class SSMClient {
    async send(command: unknown) {
      if (!(command instanceof GetParametersCommand)) throw new Error("SSM is asked with its own commands");
      const { Names, WithDecryption } = command.input;
      if (!WithDecryption) throw new Error("a secret that is not decrypted is none");
      asked.push(Names);
      // SSM refuses an empty list, and answers in an order of its own.
      if (Names.length === 0) throw new Error("ValidationException");
      const found = Names.filter((name) => name in parameters).toReversed();
      return {
        Parameters: found.map((Name) => ({ Name, Value: parameters[Name] ?? "" })),
        InvalidParameters: Names.filter((name) => !(name in parameters)),
      };
    }
  }
  return { asked, ssm: () => ({ SSMClient, GetParametersCommand }) };
}

const bound = { names: ["A", "B"], app: "imgpilot", prefix: "/sst/imgpilot/prod/" };

test("a stage's own secrets are read in one call, and nothing else is", async () => {
  const { asked, ssm } = ssmWith({
    "/sst/imgpilot/prod/Secret/A/value": "a",
    "/sst/imgpilot/prod/Secret/B/value": "b",
    "/sst/imgpilot/.fallback/Secret/A/value": "not this one",
  });
  expect(await fetchSecrets(bound, ssm)).toEqual({ A: "a", B: "b" });
  expect(asked).toEqual([["/sst/imgpilot/prod/Secret/A/value", "/sst/imgpilot/prod/Secret/B/value"]]);
});

test("what a stage has none of is the one for all stages, and what neither has is absent", async () => {
  const { asked, ssm } = ssmWith({
    "/sst/imgpilot/prod/Secret/A/value": "a",
    "/sst/imgpilot/.fallback/Secret/B/value": "b",
  });
  expect(await fetchSecrets({ ...bound, names: ["A", "B", "C"] }, ssm)).toEqual({ A: "a", B: "b" });
  expect(asked[1]).toEqual([
    "/sst/imgpilot/.fallback/Secret/B/value",
    "/sst/imgpilot/.fallback/Secret/C/value",
  ]);
});

test("a secret that is set to nothing is set: the fallback does not shine through", async () => {
  const { ssm } = ssmWith({
    "/sst/imgpilot/prod/Secret/A/value": "",
    "/sst/imgpilot/.fallback/Secret/A/value": "old",
  });
  expect(await fetchSecrets({ ...bound, names: ["A"] }, ssm)).toEqual({ A: "" });
});

test("an SSM that cannot be reached is a fault and no empty answer", async () => {
  const ssm = () => ({
    SSMClient: class {
      send = () => Promise.reject(new Error("unreachable"));
    },
    GetParametersCommand: class {},
  });
  await expect(fetchSecrets(bound, ssm)).rejects.toThrow("unreachable");
});
