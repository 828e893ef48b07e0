export type Day = { is: "today" } | { is: "yesterday" } | { is: "date"; date: Date };

const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());

/** The day that a moment belongs to where the person is, seen from now. */
export function dayOf(moment: Date, now: Date): Day {
  const day = midnight(moment);
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (day.getTime() >= midnight(now).getTime()) return { is: "today" };
  if (day.getTime() === yesterday.getTime()) return { is: "yesterday" };
  return { is: "date", date: day };
}

/** Groups what is sorted newest first by the person's own days, keeping the order. */
export function groupByDay<T extends { createdAt: string }>(
  items: readonly T[],
  now: Date,
): { day: Day; items: T[] }[] {
  const groups: { key: string; day: Day; items: T[] }[] = [];
  for (const item of items) {
    const day = dayOf(new Date(item.createdAt), now);
    const key = day.is === "date" ? day.date.toDateString() : day.is;
    const last = groups.at(-1);
    if (last?.key === key) last.items.push(item);
    else groups.push({ key, day, items: [item] });
  }
  return groups.map(({ day, items }) => ({ day, items }));
}
