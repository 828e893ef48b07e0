import { controlOf } from "@imgpilot/simulators/control";
import { type Simulators, startSimulators } from "@imgpilot/simulators/start";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { checkProviders } from "./check.ts";

/** Guards that the check calls each configured provider once, says what came of it, and calls nobody without a key. */
const NAMES = ["google", "bfl", "openai", "xai", "fal", "replicate"] as const;
let simulators: Simulators;
beforeAll(async () => {
  simulators = await startSimulators({ drawMilliseconds: 0, submitMilliseconds: 0, pendingPolls: 1 });
});
afterAll(() => simulators.close());
beforeEach(() => Promise.all(NAMES.map((name) => controlOf(simulators.urls[name]).reset())));

const environment = (names: readonly (typeof NAMES)[number][]) => ({
  ...Object.fromEntries(NAMES.map((name) => [`${name.toUpperCase()}_BASE_URL`, simulators.urls[name]])),
  ...Object.fromEntries(names.map((name) => [`${name.toUpperCase()}_API_KEY`, "key-of-a-test"])),
});
async function check(env: Record<string, string>) {
  const lines: string[] = [];
  const works = await checkProviders(env, { log: (line) => lines.push(line), pollSeconds: 0.01 });
  return { works, lines };
}
const submits = async () =>
  Object.fromEntries(
    await Promise.all(
      NAMES.map(
        async (name) => [name, (await controlOf(simulators.urls[name]).requests("submit")).length] as const,
      ),
    ),
  );

test("without keys it says which are missing, calls nobody, and all is well", async () => {
  const { works, lines } = await check(environment([]));
  expect(works).toBe(true);
  expect(lines).toEqual([
    "Not called, no key: GOOGLE_API_KEY, BFL_API_KEY, OPENAI_API_KEY, XAI_API_KEY, FAL_API_KEY, REPLICATE_API_KEY",
  ]);
  expect(await submits()).toEqual({ google: 0, bfl: 0, openai: 0, xai: 0, fal: 0, replicate: 0 });
});

test("with all keys it has one picture of each, a word of those that chat, and tells kind, time and cost", async () => {
  const { works, lines } = await check(environment(NAMES));
  expect(lines.filter((line) => !line.startsWith("ok"))).toEqual([]);
  expect(works).toBe(true);
  expect(lines).toHaveLength(9);
  for (const line of lines)
    expect(line).toMatch(
      /^ok {6}\w+ (image|chat) \S+: (image\/\w+, \d+ kB|JSON, \d+ characters), \d+\.\d s, \$\d\.\d{4}$/,
    );
  expect(await submits()).toEqual({ google: 2, bfl: 1, openai: 2, xai: 2, fal: 1, replicate: 1 });
});

test("what fails is told in the vocabulary of our errors, without the key, and the rest is called all the same", async () => {
  await controlOf(simulators.urls.openai).script(["auth", "quota"]);
  const { works, lines } = await check(environment(["openai", "xai"]));
  expect(works).toBe(false);
  expect(lines.slice(1, 3)).toEqual([
    expect.stringMatching(/^FAILED {2}openai image .* \(auth, invalid_api_key\), \d+\.\d s$/),
    expect.stringMatching(/^FAILED {2}openai chat .* \(quota, insufficient_quota\), \d+\.\d s$/),
  ]);
  expect(lines.slice(3).every((line) => line.startsWith("ok      xai"))).toBe(true);
  expect(lines.join("\n")).not.toContain("key-of-a-test");
});
