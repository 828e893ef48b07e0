/**
 * Keys for calls that spend. The same content keeps its key until an answer is final, so that pressing again after a
 * lost connection cannot pay twice; after any final answer the next press is a new wish and gets a new key.
 */
export function createKeyring(mint: () => string = () => crypto.randomUUID()) {
  let held: { content: string; key: string } | null = null;
  return {
    keyFor(content: unknown): string {
      const text = JSON.stringify(content);
      if (held?.content !== text) held = { content: text, key: mint() };
      return held.key;
    },
    isFinal(): void {
      held = null;
    },
  };
}
