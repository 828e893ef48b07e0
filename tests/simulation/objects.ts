import type { ObjectStore } from "@imgpilot/core/images/object-store";
import { through } from "./gate.ts";

type Stored = { readonly bytes: Uint8Array; readonly contentType: string };

/** The bucket: it keeps what was put, and is asked for and written to through the gate. */
export class MemoryObjects implements ObjectStore {
  readonly #stored = new Map<string, Stored>();

  /** As the world sees it, not a Lambda. */
  keys(part = ""): string[] {
    return [...this.#stored.keys()].filter((key) => key.includes(part));
  }
  bytes(key: string): Uint8Array | undefined {
    return this.#stored.get(key)?.bytes;
  }
  clear(): void {
    this.#stored.clear();
  }

  put(key: string, bytes: Uint8Array, contentType: string): Promise<void> {
    return through(operation("put", key, true), async () => {
      this.#stored.set(key, { bytes, contentType });
    });
  }
  get(key: string, maxBytes: number): Promise<Stored | null> {
    return through(operation("get", key, false), async () => {
      const found = this.#stored.get(key) ?? null;
      if (found && found.bytes.byteLength > maxBytes) throw new RangeError(`${key} is too large`);
      return found;
    });
  }
  head(key: string): Promise<{ bytes: number; contentType: string } | null> {
    return through(operation("head", key, false), async () => {
      const found = this.#stored.get(key);
      return found ? { bytes: found.bytes.byteLength, contentType: found.contentType } : null;
    });
  }
  async remove(key: string): Promise<void> {
    this.#stored.delete(key);
  }
  async signGet(key: string): Promise<string> {
    return `https://objects.test/${key}`;
  }
  async signPut(key: string): Promise<{ url: string; headers: Record<string, string> }> {
    return { url: `https://objects.test/${key}`, headers: {} };
  }
  async check(): Promise<void> {}
}

/** `put w320`, `get staging`: by what the key is for. */
const operation = (verb: string, key: string, hasEffect: boolean) => {
  const what = key.startsWith("staging/") ? "staging" : key.replace(/.*\/|\..*/g, "");
  return { name: `${verb} ${what}`, kind: "object", hasEffect } as const;
};
