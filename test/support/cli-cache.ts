import { homedir } from "node:os";
import { join } from "node:path";
import { findCommand } from "../../src/backends/cli/find-command.ts";
import type { RealProgram } from "./real-programs.ts";

/** The folder outside the dependencies in which `npm run test:cli` keeps the real CLIs. */
export const cacheFolder = (): string =>
  process.env["PARLEY_CLI_CACHE"] ??
  join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "parley", "cli");

/** Where the cache keeps this version of a CLI. */
export const placeOf = ({ spec }: Pick<RealProgram, "spec">): string =>
  join(cacheFolder(), spec.replaceAll(/[@/]+/g, "-").replace(/^-/, ""));

/** The CLI in the cache; null: it is not there. */
export async function findInCache(program: RealProgram): Promise<string | null> {
  const file = join(placeOf(program), "node_modules", ".bin", program.key);
  return (await findCommand(file, ""))?.file ?? null;
}
