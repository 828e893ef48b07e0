import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { BFL_REPERTOIRE } from "./bfl-faults.ts";
import { controlOf } from "./control.ts";
import { FAL_REPERTOIRE } from "./fal-faults.ts";
import { GOOGLE_REPERTOIRE } from "./google-faults.ts";
import { OPENAI_REPERTOIRE } from "./openai-faults.ts";
import { REPLICATE_REPERTOIRE } from "./replicate-faults.ts";
import { type Simulators, startSimulators } from "./start.ts";
import { XAI_REPERTOIRE } from "./xai-faults.ts";

let simulators: Simulators;
let google: ReturnType<typeof controlOf>;
beforeAll(async () => {
  simulators = await startSimulators({ drawMilliseconds: 0, submitMilliseconds: 0 });
  google = controlOf(simulators.urls.google);
});
afterAll(() => simulators.close());
beforeEach(() => google.reset());

const draw = (prompt: string, { seed, signal }: { seed?: number; signal?: AbortSignal } = {}) =>
  fetch(`${simulators.urls.google}/v1beta/models/gemini-nano-banana-2.1:generateContent`, {
    method: "POST",
    headers: { "x-goog-api-key": "a-secret" },
    body: JSON.stringify({ contents: [{ parts: [{ text: prompt }] }], generationConfig: { seed } }),
    ...(signal ? { signal } : {}),
  });
const pictureOf = async (response: Response) =>
  ((await response.json()) as { candidates: { content: { parts: { inlineData: { data: string } }[] } }[] })
    .candidates[0]?.content.parts[0]?.inlineData.data;
const put = (provider: string, body: string) =>
  fetch(`${simulators.origin}/_control/${provider}`, { method: "PUT", body });

describe("a script", () => {
  test("is consumed call by call, and what follows it is ok", async () => {
    await google.script(["503", { name: "429", times: 2 }]);
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await draw("a fox")).status);
    expect(statuses).toEqual([503, 429, 429, 200]);
    expect((await google.requests()).map(({ behaviour }) => behaviour)).toEqual(["503", "429", "429", "ok"]);
  });

  test("tells calls that are made at once apart by what they ask", async () => {
    await google.script([
      { name: "503", match: { promptIncludes: "owl" } },
      { name: "429", match: { seed: 2 } },
    ]);
    const calls = [draw("a fox"), draw("an owl"), draw("a hare", { seed: 2 })];
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 503, 429]);
    expect(await google.waiting()).toEqual([]);
  });

  test("that goes on for ever goes on until it is replaced", async () => {
    await google.script([{ name: "503", times: "always" }]);
    expect([(await draw("a")).status, (await draw("b")).status]).toEqual([503, 503]);
    await google.script([]);
    expect((await draw("c")).status).toBe(200);
  });

  test.each([
    ['["no-such-thing"]', "no behaviour"],
    ['["toString"]', "no behaviour"],
    ['[{"name":"429","retryAfter":1}]', "retryAfter"],
    ['[{"name":"429","retryAfterSeconds":"1"}]', "retryAfterSeconds"],
    ['[{"name":"ok","times":0}]', "times"],
    ['[{"name":"ok","match":{"prompt":"fox"}}]', "match by"],
    ['[{"name":"reset-before","match":{"promptIncludes":"fox"}}]', "cannot be matched"],
    ['{"name":"ok"}', "list"],
    ["[1]", "expected a name"],
    ["nonsense", "JSON"],
  ])("that cannot be played is refused with 400 and changes nothing: %s", async (body, why) => {
    await google.script(["503"]);
    const response = await put("google", body);
    expect(response.status).toBe(400);
    expect(((await response.json()) as { error: string }).error).toContain(why);
    expect(await google.waiting()).toMatchObject([{ name: "503" }]);
  });

  test("for a provider that there is not is 404", async () => {
    expect((await put("nobody", "[]")).status).toBe(404);
  });
});

describe("the log", () => {
  test("tells what was asked, but no secret, and of files only length and hash", async () => {
    const picture = await pictureOf(await draw("a fox"));
    await fetch(
      `${simulators.urls.google}/v1beta/models/gemini-nano-banana-2.1:generateContent?key=a-secret`,
      {
        method: "POST",
        headers: { authorization: "Bearer a-secret" },
        body: JSON.stringify({
          contents: [{ parts: [{ text: "so" }, { inlineData: { mimeType: "image/png", data: picture } }] }],
        }),
      },
    );
    const log = await google.requests("submit");
    expect(log).toMatchObject([
      { outcome: "answered", status: 200 },
      { outcome: "answered", status: 200 },
    ]);
    expect(JSON.stringify(log)).not.toMatch(/a-secret/);
    expect(JSON.stringify(log[1])).toMatch(/"data":\{"bytes":\d+,"sha256":"[0-9a-f]{64}"\}/);
  });

  test("has a call from the moment it arrives, and knows when its client left before the answer", async () => {
    await google.script([{ name: "slow", seconds: 300 }]);
    const caller = new AbortController();
    const call = draw("a fox", { signal: caller.signal }).catch((error: Error) => error.name);
    await vi.waitFor(async () =>
      expect(await google.requests()).toMatchObject([{ outcome: "open", status: null, behaviour: "slow" }]),
    );
    caller.abort();
    expect(await call).toBe("AbortError");
    await vi.waitFor(async () =>
      expect(await google.requests()).toMatchObject([{ outcome: "left", status: null }]),
    );
    expect((await draw("another")).status).toBe(200);
  });

  test("has a call whose client died in the middle of its body", async () => {
    const url = `${simulators.urls.google}/v1beta/models/gemini-nano-banana-2.1:generateContent`;
    const dying = httpRequest(url, { method: "POST", headers: { "content-length": "1000" } });
    dying.on("error", () => {});
    dying.write('{"contents":');
    await vi.waitFor(async () =>
      expect(await google.requests()).toMatchObject([{ outcome: "open", body: null }]),
    );
    dying.destroy();
    await vi.waitFor(async () => expect(await google.requests()).toMatchObject([{ outcome: "left" }]));
  });
});

test("without a seed the same prompt is drawn differently each time, with one always the same", async () => {
  const pictures = [];
  for (const seed of [undefined, undefined, 7, 7])
    pictures.push(await pictureOf(await draw("a hill", seed === undefined ? {} : { seed })));
  const [first, second, third, fourth] = pictures;
  expect(first).not.toBe(second);
  expect(third).toBe(fourth);
});

test("each provider lives below its own prefix, and its script and log are its own", async () => {
  const bfl = controlOf(simulators.urls.bfl);
  await google.script(["503"]);
  expect(await bfl.waiting()).toEqual([]);
  expect(
    (await fetch(`${simulators.urls.bfl}/v1/flux-kontext-pro`, { method: "POST", body: "{}" })).status,
  ).toBe(403);
  const invalid = await fetch(`${simulators.urls.bfl}/v1/flux-kontext-pro`, {
    method: "POST",
    headers: { "x-key": "k" },
    body: JSON.stringify({ aspect_ratio: "1:9", input_image: "?" }),
  });
  expect(invalid.status).toBe(422);
  const { detail } = (await invalid.json()) as { detail: { loc: string[] }[] };
  expect(detail.map(({ loc }) => loc[1])).toEqual(["prompt", "aspect_ratio", "input_image"]);
  expect(await google.requests()).toEqual([]);
});

describe("as a process of its own", () => {
  const main = new URL("./main.ts", import.meta.url);
  async function line(child: ChildProcess, stream: "stdout" | "stderr"): Promise<string> {
    const [chunk] = (await once(child[stream] ?? child, "data")) as [Buffer];
    return chunk.toString();
  }

  test("it says where it listens, in one line of JSON, and ends with its parent", async () => {
    const child = fork(main, ["--draw-ms", "0"], { silent: true });
    const { urls } = JSON.parse(await line(child, "stdout")) as Simulators;
    expect((await fetch(`${urls.bfl}/v1/get_result?id=1`, { headers: { "x-key": "k" } })).status).toBe(404);
    const ended = once(child, "exit");
    child.disconnect();
    expect(await ended).toEqual([0, null]);
  });

  test("on a port that is taken it says so and ends", async () => {
    const child = fork(main, ["--port", new URL(simulators.origin).port], { silent: true });
    const said = line(child, "stderr");
    expect(await once(child, "exit")).toEqual([1, null]);
    expect(await said).toMatch(/cannot start: .*EADDRINUSE/);
  });
});

test("the README names every behaviour", async () => {
  const { readFile } = await import("node:fs/promises");
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const repertoires = [
    GOOGLE_REPERTOIRE,
    OPENAI_REPERTOIRE,
    XAI_REPERTOIRE,
    BFL_REPERTOIRE,
    FAL_REPERTOIRE,
    REPLICATE_REPERTOIRE,
  ];
  const names = repertoires.flatMap((repertoire) => Object.keys(repertoire));
  expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});
