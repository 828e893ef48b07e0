import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { LocalCloudError } from "../errors.ts";

/**
 * Takes a state directory for this process alone: two clouds on one would run every job twice. The lock is the operating
 * system's, so it goes with the process that holds it, however that ends.
 * @throws LocalCloudError where another process holds it
 */
export function lockDirectory(dir: string): () => void {
  const lock = new DatabaseSync(path.join(dir, "lock.sqlite"));
  try {
    lock.exec("pragma locking_mode = exclusive; begin exclusive;");
  } catch {
    lock.close();
    throw new LocalCloudError(`A local cloud is running on ${dir} already; stop that one first.`);
  }
  return () => lock.close();
}
