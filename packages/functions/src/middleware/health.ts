const CHECK_MS = 3_000;

/** Asks every part at once; one that throws, or has not answered in 3 s, is down. */
export async function healthOf<Name extends string>(
  checks: Readonly<Record<Name, () => Promise<unknown>>>,
): Promise<Record<Name, "up" | "down">> {
  const entries = Object.entries<() => Promise<unknown>>(checks).map(async ([name, check]) => [
    name,
    await ask(check),
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

async function ask(check: () => Promise<unknown>): Promise<"up" | "down"> {
  const { promise: late, resolve } = Promise.withResolvers<"down">();
  const timer = setTimeout(resolve, CHECK_MS, "down");
  // Called within a promise: a part that was not given to this function throws before it makes one.
  const answered = Promise.resolve()
    .then(check)
    .then(
      () => "up" as const,
      () => "down" as const,
    );
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}
