import { execFile, spawn } from "node:child_process";
import { accessSync, constants, readdirSync } from "node:fs";
import { chmod, chown, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";

/** A database of one's own, on a server that was started for it or was there. */
export interface Postgres {
  readonly url: string;
  /** "PostgreSQL 15.20, started for this run". */
  readonly description: string;
  /** Ends the server, or drops the database. */
  stop(): Promise<void>;
  /** As if the power had failed: nothing is ended in good order. Null: the server is not ours to end. */
  readonly restart: (() => Promise<void>) | null;
}

/** There is no PostgreSQL to be had; the message says what to do. */
export class PostgresMissingError extends Error {
  override readonly name = "PostgresMissingError";
}

const run = promisify(execFile);

const HOW =
  "Install PostgreSQL 15 or newer (Debian: apt install postgresql; macOS: brew install postgresql), so that initdb stands on PATH, " +
  "in /usr/lib/postgresql/*/bin or where pg_config says; or name a server in TEST_DATABASE_URL, whose user may create databases.";

/** Starts a server in a temporary folder; where there are no binaries, or root alone may run them, makes a database on the one that TEST_DATABASE_URL names. */
export async function startPostgres(): Promise<Postgres> {
  const given = process.env["TEST_DATABASE_URL"];
  const bin = await findBinaries();
  const owner = bin === undefined ? undefined : await ownerOfServer();
  if (bin !== undefined && owner !== undefined) return startServer(bin, owner);
  if (given) return makeDatabase(given);
  const why =
    bin === undefined
      ? "There is no initdb."
      : "PostgreSQL does not run as root, and there is neither a user postgres nor nobody.";
  throw new PostgresMissingError(`${why} ${HOW}`);
}

async function findBinaries(): Promise<string | undefined> {
  const places = [
    ...(process.env["PATH"] ?? "").split(delimiter),
    ...debianPlaces(),
    ...(await configuredPlace()),
  ];
  return places.find((place) => isExecutable(join(place, "initdb")));
}

/** The newest first. */
function debianPlaces(): readonly string[] {
  const root = "/usr/lib/postgresql";
  try {
    const versions = readdirSync(root).toSorted((a, b) => Number(b) - Number(a));
    return versions.map((version) => join(root, version, "bin"));
  } catch {
    return [];
  }
}

const configuredPlace = (): Promise<readonly string[]> =>
  run("pg_config", ["--bindir"]).then(
    ({ stdout }) => [stdout.trim()],
    () => [],
  );

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Who the server runs as; {}: whoever runs this. */
interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

/** Root may not run PostgreSQL, and so lends itself to somebody without rights. */
async function ownerOfServer(): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return {};
  for (const name of ["postgres", "nobody"]) {
    const ids = await Promise.all([run("id", ["-u", name]), run("id", ["-g", name])]).catch(
      () => undefined,
    );
    const [uid, gid] = (ids ?? []).map(({ stdout }) => Number(stdout));
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  return undefined;
}

async function startServer(bin: string, owner: Owner): Promise<Postgres> {
  const folder = await mkdtemp(join(tmpdir(), "parley-postgres-"));
  if (owner.uid !== undefined) await chown(folder, owner.uid, owner.gid ?? owner.uid);
  await chmod(folder, 0o700);
  const data = join(folder, "data");
  const as = { ...owner, cwd: folder };
  await run(join(bin, "initdb"), ["-D", data, "-U", "parley", "-A", "trust", "-E", "UTF8"], as);
  const port = await freePort();
  const flags = ["-D", data, "-k", folder, "-h", "127.0.0.1", "-p", String(port)];
  const url = `postgres://parley@127.0.0.1:${port}/postgres`;
  const start = () => launch(join(bin, "postgres"), flags, as);
  let server = start();
  const stop = async () => {
    // Fast shutdown: it does not wait for its clients.
    await server.end("SIGINT");
    await rm(folder, { recursive: true, force: true });
  };
  const restart = async () => {
    // Immediate shutdown: all connections are cut, and the next start recovers.
    await server.end("SIGQUIT");
    server = start();
    await versionAt(url, server.exited);
  };
  try {
    const version = await versionAt(url, server.exited);
    return { url, description: `PostgreSQL ${version}, started for this run`, stop, restart };
  } catch (error) {
    await stop();
    throw error;
  }
}

function launch(program: string, flags: readonly string[], as: Owner & { readonly cwd: string }) {
  const server = spawn(program, flags, { ...as, stdio: "ignore", detached: true });
  const exited = new Promise<void>((resolve) => server.on("exit", () => resolve()));
  return {
    exited,
    async end(signal: NodeJS.Signals): Promise<void> {
      server.kill(signal);
      await exited;
    },
  };
}

/** Others may take it before the server does; then the start fails, and says so. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

const PATIENCE_MS = 30_000;

/** As soon as it answers. */
async function versionAt(url: string, exited: Promise<void>): Promise<string> {
  const state = { isOver: false };
  void exited.then(() => (state.isOver = true));
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return (await ask(url, "SHOW server_version")).split(" ")[0] ?? "";
    } catch (error) {
      if (state.isOver || performance.now() > until) throw error;
      await sleep(50);
    }
  }
}

/** The first value of the first row; "" if there is none. */
async function ask(url: string, sql: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ readonly server_version?: string }>(sql);
    return rows[0]?.server_version ?? "";
  } finally {
    await client.end();
  }
}

async function makeDatabase(server: string): Promise<Postgres> {
  const name = `parley_${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}`;
  const version = (await ask(server, "SHOW server_version")).split(" ")[0] ?? "";
  await ask(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    description: `PostgreSQL ${version}, a database of its own on the server of TEST_DATABASE_URL`,
    stop: async () => void (await ask(server, `DROP DATABASE ${name} WITH (FORCE)`)),
    restart: null,
  };
}
