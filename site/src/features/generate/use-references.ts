import type { ModelCard } from "@imgpilot/contract/models";
import { useCallback, useEffect, useRef, useState } from "react";
import { isSignedOut } from "../../data/client.ts";
import { maxReferences } from "./order.ts";
import { type FileFault, faultOf, upload } from "./reference-file.ts";

export type Reference = { key: string; file: File; preview: string } & (
  | { is: "waiting" }
  | { is: "uploading" }
  | { is: "ready"; id: string }
  | { is: "failed"; error: unknown }
);

export type Turned = { name: string; fault: FileFault | "many" };

export type References = {
  items: readonly Reference[];
  /** Files that were turned away by the last adding, and why. */
  turned: readonly Turned[];
  add: (files: readonly File[]) => void;
  remove: (key: string) => void;
  again: (key: string) => void;
};

/** Reference images on their way: chosen at any time, uploaded as soon as the person is signed in. */
export function useReferences(model: ModelCard, isSignedIn: boolean): References {
  const [items, setItems] = useState<readonly Reference[]>([]);
  const [turned, setTurned] = useState<readonly Turned[]>([]);
  const uploads = useRef(new Map<string, AbortController>());

  const become = useCallback((key: string, state: { is: Reference["is"]; id?: string; error?: unknown }) => {
    setItems((all) => all.map((item) => (item.key === key ? ({ ...item, ...state } as Reference) : item)));
  }, []);

  const start = useCallback(
    async ({ key, file }: Reference) => {
      const abort = new AbortController();
      uploads.current.set(key, abort);
      become(key, { is: "uploading" });
      try {
        become(key, { is: "ready", id: await upload(file, abort.signal) });
      } catch (error) {
        // Whoever is not signed in yet has done nothing wrong: the file waits for it.
        if (!abort.signal.aborted)
          become(key, isSignedOut(error) ? { is: "waiting" } : { is: "failed", error });
      } finally {
        uploads.current.delete(key);
      }
    },
    [become],
  );

  useEffect(() => {
    if (!isSignedIn) return;
    for (const item of items) if (item.is === "waiting" && !uploads.current.has(item.key)) void start(item);
  }, [isSignedIn, items, start]);

  const add = (files: readonly File[]) => {
    const sorted = sortOut(files, model, maxReferences(model) - items.length);
    setItems([...items, ...sorted.taken]);
    setTurned(sorted.turned);
  };
  const remove = (key: string) => {
    uploads.current.get(key)?.abort();
    const gone = items.find((item) => item.key === key);
    if (gone) URL.revokeObjectURL(gone.preview);
    setItems(items.filter((item) => item.key !== key));
    setTurned([]);
  };
  return { items, turned, add, remove, again: (key) => become(key, { is: "waiting" }) };
}

function sortOut(files: readonly File[], model: ModelCard, room: number) {
  const taken: Reference[] = [];
  const turned: Turned[] = [];
  for (const file of files) {
    const fault = faultOf(file, model) ?? (taken.length >= room ? "many" : null);
    if (fault) turned.push({ name: file.name, fault });
    else taken.push({ key: crypto.randomUUID(), file, preview: URL.createObjectURL(file), is: "waiting" });
  }
  return { taken, turned };
}
