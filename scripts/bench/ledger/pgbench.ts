import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";

/** What a load is made of: pairs of reserve and commit by `clients` at once, on accounts 1 to `accounts`. */
export type Load = {
  readonly accounts: number;
  readonly clients: number;
  readonly seconds: number;
  /** Begins the ids of this load's holds, so that no two loads share one. */
  readonly tag: string;
};

const DEBIAN = "/usr/lib/postgresql";
const MACS = ["/opt/homebrew/opt/libpq/bin", "/usr/local/opt/libpq/bin", "/opt/homebrew/bin"];

/**
 * Postgres' own load generator: `PGBENCH`, one on the path, or one where packages put it; else Debian's is installed as
 * root. Its version need not be the server's.
 * @throws {Error} with what to do, where there is none to be had.
 */
export function findPgbench(): string {
  const named = process.env.PGBENCH;
  if (named) {
    if (starts(named)) return named;
    throw new Error(`PGBENCH is ${named}, which is no pgbench that starts.`);
  }
  const found = installed() ?? fromDebian();
  if (found) return found;
  throw new Error(
    "There is no pgbench, which comes with PostgreSQL and not through npm: install it (Debian and Ubuntu: apt install " +
      "postgresql-contrib; macOS: brew install postgresql), or name one in PGBENCH.",
  );
}

function installed(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...(process.env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== ""),
    ...versions.map((version) => path.join(DEBIAN, version, "bin")),
    ...MACS,
  ];
  return folders.map((folder) => path.join(folder, "pgbench")).find(starts);
}

const starts = (file: string) => existsSync(file) && spawnSync(file, ["--version"]).status === 0;

/** Its package brings a server, which is told not to make a database: the benchmark brings its own. */
function fromDebian(): string | undefined {
  if (process.getuid?.() !== 0 || spawnSync("apt-get", ["--version"]).status !== 0) return undefined;
  console.log("Installing pgbench (Debian's postgresql-contrib) ...");
  const wait = "-o DPkg::Lock::Timeout=120";
  const install = `apt-get install -y -qq --no-install-recommends ${wait} postgresql-contrib`;
  const script = `apt-get update -qq ${wait}; mkdir -p /etc/postgresql-common && echo 'create_main_cluster = false' \
    >> /etc/postgresql-common/createcluster.conf; ${install}`;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  spawnSync("sh", ["-c", script], { stdio: "ignore", timeout: 600_000, env });
  return installed();
}

/**
 * Runs a script for a load and answers how often a second it ran to its end. It finds `:tag`, `:client_id`, `:accounts`.
 * @throws {Error} with what it printed, when it failed or any of its transactions did.
 */
export async function pgbench(program: string, url: string, script: string, load: Load): Promise<number> {
  const { clients, seconds, accounts, tag } = load;
  const shape = ["-c", String(clients), "-j", "2", "-T", String(seconds)];
  const variables = ["-D", `accounts=${accounts}`, "-D", `tag=${tag}`, "-D", "i=0"];
  const { hostname, port, username, password, pathname } = new URL(url);
  const child = spawn(program, ["-n", "-M", "prepared", ...shape, ...variables, "-f", script], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      PGHOST: hostname,
      PGPORT: port,
      PGUSER: username,
      PGPASSWORD: password,
      PGDATABASE: pathname.slice(1),
    },
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => (printed += text));
  const [code] = await once(child, "close");
  const tps = /^tps = ([\d.]+) \(without initial connection time\)/m.exec(printed)?.[1];
  const hasFailed = / aborted |number of failed transactions: [1-9]|ERROR/.test(printed);
  if (code !== 0 || tps === undefined || hasFailed) throw new Error(`pgbench failed:\n${printed.trim()}`);
  return Number(tps);
}
