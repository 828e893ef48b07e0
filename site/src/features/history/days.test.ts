import { expect, test } from "vitest";
import { dayOf, groupByDay } from "./days.ts";

/** In the time zone of whoever runs the test, as a person's days are in theirs. */
const now = new Date(2026, 2, 1, 0, 30);
const made = (...date: [number, number, number, number, number]) => ({
  createdAt: new Date(...date).toISOString(),
});

test("a day begins at the person's midnight, and yesterday may be in another month", () => {
  expect(dayOf(new Date(2026, 2, 1, 0, 0), now)).toEqual({ is: "today" });
  expect(dayOf(new Date(2026, 1, 28, 23, 59), now)).toEqual({ is: "yesterday" });
  expect(dayOf(new Date(2026, 1, 27, 23, 59), now)).toEqual({ is: "date", date: new Date(2026, 1, 27) });
});

test("a moment that is ahead of this computer's clock is today", () => {
  expect(dayOf(new Date(2026, 2, 1, 0, 45), now)).toEqual({ is: "today" });
});

test("groups keep the order and hold each day once", () => {
  const items = [
    made(2026, 2, 1, 0, 10),
    made(2026, 1, 27, 20, 0),
    made(2026, 1, 27, 8, 0),
    made(2025, 1, 27, 8, 0),
  ];
  expect(groupByDay(items, now).map(({ items: ofDay }) => ofDay.length)).toEqual([1, 2, 1]);
  expect(groupByDay([], now)).toEqual([]);
});
