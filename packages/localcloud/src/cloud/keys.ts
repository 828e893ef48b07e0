import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** The secrets of one local cloud, made at its first start: sessions and signed addresses survive a restart. */
export type Keys = {
  readonly authSecret: string;
  readonly objectsAccessKeyId: string;
  readonly objectsSecretAccessKey: string;
};

export function keysOf(dir: string): Keys {
  const file = path.join(dir, "keys.json");
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Keys;
  const secret = () => randomBytes(32).toString("base64url");
  const keys: Keys = {
    authSecret: secret(),
    objectsAccessKeyId: randomBytes(10).toString("hex"),
    objectsSecretAccessKey: secret(),
  };
  writeFileSync(file, JSON.stringify(keys, null, 2), { mode: 0o600 });
  return keys;
}
