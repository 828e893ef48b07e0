import { describe, expect, test, vi } from "vitest";
import { readRuntime } from "./runtime.ts";

const REMOTE = "__FETCH_FROM_SSM__";
const bound = (secrets: Record<string, string>) =>
  Object.fromEntries(Object.entries(secrets).map(([name, value]) => [`SST_Secret_value_${name}`, value]));

describe("a setting", () => {
  test("is told to a function that was given it, and is a fault of ours for any other", () => {
    const { setting } = readRuntime({ STAGE: "local" });
    expect(setting("STAGE")).toBe("local");
    expect(() => setting("SITE_URL")).toThrow("SITE_URL is not set for this function");
  });

  test.each([
    ["SITE_URL", "imgpilot.example"],
    ["STAGE", ""],
    ["OBJECTS_BUCKET", "x"],
    ["GENERATION_WORKFLOW_ARN", "arn:aws:lambda:eu-west-1:123456789012:function:x"],
  ])("that is wrong stops the function before it answers anybody, and is named: %s", (name, value) => {
    expect(() => readRuntime({ STAGE: "local", [name]: value })).toThrow(new RegExp(`^${name}: [^\\n]+$`));
  });

  test("of somebody else's is not looked at: Lambda puts many variables beside ours", () => {
    expect(() => readRuntime({ AWS_REGION: "eu-west-1", TZ: ":UTC", MAIL_TO: "" })).not.toThrow();
  });
});

describe("a secret", () => {
  test("that stands in the environment is taken from there, as on one machine", async () => {
    const fetchBound = vi.fn();
    const { secret } = readRuntime(bound({ DATABASE_URL: "postgres://a@b/c" }), fetchBound);
    expect(await secret("DATABASE_URL")).toBe("postgres://a@b/c");
    expect(fetchBound).not.toHaveBeenCalled();
  });

  test("that a function is not bound to is not to be had, wherever it could be found", async () => {
    const fetchBound = vi.fn(async () => ({ GOOGLE_API_KEY: "g" }));
    const { secret } = readRuntime(bound({ DATABASE_URL: "postgres://a@b/c" }), fetchBound);
    await expect(secret("GOOGLE_API_KEY")).rejects.toThrow("GOOGLE_API_KEY is not set for this function");
    expect(fetchBound).not.toHaveBeenCalled();
  });

  test("that is kept in SSM is fetched with all the others, once, however many ask at once", async () => {
    const fetchBound = vi.fn(async () => ({ GOOGLE_API_KEY: "g", BFL_API_KEY: "b" }));
    const env = {
      SST_APP: "imgpilot",
      SST_SSM_PREFIX: "/sst/imgpilot/prod/",
      ...bound({ GOOGLE_API_KEY: REMOTE, BFL_API_KEY: REMOTE, DATABASE_URL: "postgres://a@b/c" }),
    };
    const { secret } = readRuntime(env, fetchBound);
    expect(fetchBound).not.toHaveBeenCalled();
    expect(
      await Promise.all([secret("GOOGLE_API_KEY"), secret("BFL_API_KEY"), secret("GOOGLE_API_KEY")]),
    ).toEqual(["g", "b", "g"]);
    expect(fetchBound.mock.calls).toEqual([
      [{ names: ["GOOGLE_API_KEY", "BFL_API_KEY"], app: "imgpilot", prefix: "/sst/imgpilot/prod/" }],
    ]);
  });

  test("is asked for again after a fetch that failed, so a bad moment does not outlive itself", async () => {
    const fetchBound = vi
      .fn(async () => ({ GOOGLE_API_KEY: "g" }))
      .mockRejectedValueOnce(new Error("throttled"));
    const { secret } = readRuntime(bound({ GOOGLE_API_KEY: REMOTE }), fetchBound);
    await expect(secret("GOOGLE_API_KEY")).rejects.toThrow("throttled");
    expect(await secret("GOOGLE_API_KEY")).toBe("g");
  });

  test("that was never put into SSM is named", async () => {
    const { secret } = readRuntime(bound({ GOOGLE_API_KEY: REMOTE }), async () => ({}));
    await expect(secret("GOOGLE_API_KEY")).rejects.toThrow("GOOGLE_API_KEY is not set for this function");
  });

  test.each([
    ["DATABASE_URL", "mysql://user:hunter2@b/c"],
    ["REDIS_URL", "http://user:hunter2@b"],
    ["AUTH_SECRET", "hunter2"],
  ])("that is wrong is named and not repeated, whether it stands here or in SSM: %s", async (name, value) => {
    const complaint = new RegExp(`^${name}: (?!.*hunter2)[^\\n]+$`);
    expect(() => readRuntime(bound({ [name]: value }))).toThrow(complaint);
    const { secret } = readRuntime(bound({ [name]: REMOTE }), async () => ({ [name]: value }));
    await expect(secret(name as "AUTH_SECRET")).rejects.toThrow(complaint);
  });
});
