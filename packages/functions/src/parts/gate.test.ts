import { expect, test, vi } from "vitest";
import { gate } from "./gate.ts";

vi.hoisted(() => vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT"));

test("a function that was not given Redis lets everybody in (B1)", async () => {
  const route = { name: "google/model", lanes: [{ name: "google", max: 1 }] };
  for (const lease of ["one", "two"])
    expect(await gate.enter([route], lease, false)).toEqual({ verdict: "enter", at: 0 });
  await gate.renew(route, "one", 60);
  await gate.leave(route, "one", { kind: "failed" });
});
