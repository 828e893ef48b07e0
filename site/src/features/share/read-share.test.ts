import { REFUSALS, type RefusalCode } from "@imgpilot/contract/errors";
import { expect, test } from "vitest";
import { readShare } from "./read-share.ts";

const share = {
  id: "shr_1",
  imageUrl: "/api/shares/shr_1/image",
  contentType: "image/png",
  width: 1024,
  height: 1024,
  prompt: "a fox",
  model: "nano-banana-2.1",
  modelName: "Nano Banana 2.1",
  createdAt: "2026-03-01T12:00:00.000Z",
  listed: true,
};
const refusing = (code: RefusalCode) => async () => {
  const [status, title] = REFUSALS[code];
  return Response.json({ type: `urn:imgpilot:problem:${code}`, title, status, code }, { status });
};
const read = (answer: typeof fetch) => readShare("https://api.example", "shr_1", answer);

test("a shared image is read from the API's own address", async () => {
  const asked: string[] = [];
  const answer: typeof fetch = async (url) => {
    asked.push(String(url));
    return Response.json(share);
  };
  expect(await read(answer)).toEqual({ is: "shared", share });
  expect(asked).toEqual(["https://api.example/api/shares/shr_1"]);
});

test.each([
  ["share.gone", "gone"],
  ["share.missing", "missing"],
  ["request.invalid", "missing"],
  ["rate.limited", "away"],
  ["internal", "away"],
] as const)("%s makes the page say that it is %s", async (code, is) => {
  expect(await read(refusing(code))).toEqual({ is });
});

test("an API that cannot be reached, or answers nonsense, is away: nothing is known about the page", async () => {
  const unreachable = () => Promise.reject(new TypeError("fetch failed"));
  expect(await read(unreachable)).toEqual({ is: "away" });
  expect(await read(async () => Response.json({ id: 1 }))).toEqual({ is: "away" });
  expect(await read(async () => new Response("<html>", { status: 404 }))).toEqual({ is: "away" });
});
