/**
 * Models draw the same prompt differently each time, unless they are given a seed. So do we, and yet repeatably: the
 * n-th time that a prompt comes without one, it is drawn with seed n.
 */
export class Takes {
  readonly #seen = new Map<string, number>();

  seedFor(prompt: string, seed: number | undefined): number {
    if (seed !== undefined) return seed;
    const take = this.#seen.get(prompt) ?? 0;
    this.#seen.delete(prompt);
    this.#seen.set(prompt, take + 1);
    if (this.#seen.size > 5_000) this.#seen.delete(this.#seen.keys().next().value ?? "");
    return take;
  }
}
