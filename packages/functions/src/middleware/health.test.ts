import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { healthOf } from "./health.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = () => new Promise<never>(() => {});

test("what answers is up, and what throws is down, at once or later, without taking the others along", async () => {
  const checks = {
    database: async () => "pong",
    cache: () => Promise.reject(new Error("no Redis")),
    objects: (): Promise<void> => {
      throw new Error("this function was not given objects");
    },
  };
  expect(await healthOf(checks)).toEqual({ database: "up", cache: "down", objects: "down" });
  expect(vi.getTimerCount()).toBe(0);
});

test("what has not answered in three seconds is down, and holds nobody up any longer", async () => {
  const health = healthOf({ database: never, cache: async () => {} });
  const told = vi.fn();
  void health.then(told);
  await vi.advanceTimersByTimeAsync(2_999);
  expect(told).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(await health).toEqual({ database: "down", cache: "up" });
});

test("every part is asked at once: health takes as long as the slowest, not as all together", async () => {
  const slow = () => new Promise((resolve) => setTimeout(resolve, 2_000));
  const health = healthOf({ database: slow, cache: slow, objects: slow });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await health).toEqual({ database: "up", cache: "up", objects: "up" });
});
