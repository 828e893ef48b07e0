import { ulid } from "ulid";

/** Text ids that say what they are and sort by time: `gen_01J…` (ULID). */
export type IdPrefix = "acc" | "gen" | "grt" | "mail" | "shr" | "upl";
export const newId = (prefix: IdPrefix): string => `${prefix}_${ulid()}`;

/** A run is one try at some images of a generation. Its id is its hold's id and its execution's name. */
export const runId = (generationId: string, run: number): string => `${generationId}-${run}`;

/** The generation that a hold was for, told by its id; null for a hold of something else. */
export const generationOfRun = (id: string): string | null => /^(gen_[0-9A-Z]+)-\d+$/.exec(id)?.[1] ?? null;
