import { readFile } from "node:fs/promises";
import { importMassgen } from "../teams/massgen/import-massgen.ts";
import { CliError } from "./parse-cli.ts";
import type { Said } from "./said.ts";

/** `teams import FILE`: the team file that a MassGen config makes; what has no counterpart is told beside it. */
export async function importTeam(file: string): Promise<Said> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    const why = cause instanceof Error ? (cause.message.split(",")[0] ?? "") : String(cause);
    throw new CliError(`${file} cannot be read: ${why}`, { cause });
  });
  const { yaml, notes } = importMassgen(text);
  return { lines: [yaml.trimEnd()], notes: notes.map((note) => `note: ${note}`), code: 0 };
}
