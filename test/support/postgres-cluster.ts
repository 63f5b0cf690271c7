import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";

const run = promisify(execFile);
const VERSIONS = "/usr/lib/postgresql";

/** Where the newest installed server's programs are; null, with a line that says so, where there are none. */
export async function findPostgres(): Promise<string | null> {
  const versions = await readdir(VERSIONS).catch(() => []);
  const [newest] = versions.toSorted((a, b) => Number(b) - Number(a));
  const bin = join(VERSIONS, newest ?? "", "bin");
  if (newest !== undefined && existsSync(join(bin, "initdb"))) return bin;
  process.stderr.write(`Skipped: there is no PostgreSQL under ${VERSIONS}.\n`);
  return null;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** A server of one's own, which goes away with the test. PostgreSQL does not run as root: root lends it the user of that name. */
export async function startCluster(bin: string) {
  const isRoot = userInfo().uid === 0;
  const as = async (program: string, ...args: readonly string[]) => {
    const command = [join(bin, program), ...args];
    const [file = "", ...rest] = isRoot ? ["runuser", "-u", "postgres", "--", ...command] : command;
    return run(file, rest, { cwd: tmpdir() });
  };
  const folder = await mkdtemp(join(tmpdir(), "parley-postgres-"));
  if (isRoot) {
    const { stdout } = await run("id", ["-u", "postgres"]);
    await chown(folder, Number(stdout), 0);
  }
  await chmod(folder, 0o700);
  const data = join(folder, "data");
  await as(
    "initdb",
    "--pgdata",
    data,
    "--auth=trust",
    "--username=parley",
    "--encoding=UTF8",
    "--no-sync",
  );
  const port = await freePort();
  const options = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories=${folder} -c fsync=off`;
  const start = () =>
    as(
      "pg_ctl",
      "start",
      "--pgdata",
      data,
      "--wait",
      "--options",
      options,
      "--log",
      join(folder, "log"),
    );
  const stop = () => as("pg_ctl", "stop", "--pgdata", data, "--mode=immediate");
  await start();
  onTestFinished(async () => {
    await stop().catch(() => {});
    await rm(folder, { recursive: true, force: true });
  });
  return {
    url: `postgres://parley@127.0.0.1:${port}/postgres`,
    /** As if the power had failed: nothing is ended in good order. */
    async restart(): Promise<void> {
      await stop();
      await start();
    },
  };
}
