import { readFile } from "node:fs/promises";
import { openTeamBook } from "../parley/open-parley.ts";
import { formatCount } from "../progress/format.ts";
import type { LoadedSettings } from "../settings.ts";
import { formatWanted } from "../teams/files/wanted-variables.ts";
import { formatProblem } from "../teams/files/team-problem.ts";
import { importMassgen } from "../teams/massgen/import-massgen.ts";
import { formatUnseenTeams } from "../tenants/unseen-teams.ts";
import { CliError } from "./parse-cli.ts";

/** What a command of the executable prints. */
export interface CommandOutput {
  /** On standard output. */
  readonly lines: readonly string[];
  /** On standard error. */
  readonly notes?: readonly string[];
  /** The exit code. */
  readonly code: 0 | 1;
}

/** `teams import FILE`: converts a MassGen config into a team file; notes list the unsupported settings. */
export async function importTeam(file: string): Promise<CommandOutput> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    const why = cause instanceof Error ? (cause.message.split(",")[0] ?? "") : String(cause);
    throw new CliError(`${file} cannot be read: ${why}`, { cause });
  });
  const { yaml, notes } = importMassgen(text);
  return { lines: [yaml.trimEnd()], notes: notes.map((note) => `note: ${note}`), code: 0 };
}

/**
 * `teams validate`: lists the problems of all team files by line and column, the variables they refer to, and totals. `isMany`: the
 * settings say that several workspaces share the installation.
 */
export async function validateTeams(
  loaded: LoadedSettings,
  isMany: boolean,
): Promise<CommandOutput> {
  const book = await openTeamBook(loaded, { watch: null });
  const problems = book.problems();
  // A file that only lacks a key on this machine is valid.
  const broken = problems.filter((p) => p.severity === "error" && p.cause === "file").length;
  const counts = [
    formatCount(book.list().length, "team file"),
    formatCount(broken, "error"),
    formatCount(problems.length - broken, "warning"),
  ];
  const wanted = book
    .list()
    .flatMap(({ file, wanted: variables = [] }) => formatWanted(file, variables, loaded.env));
  const unseen = formatUnseenTeams(book.list(), { isMany, setting: loaded.settings.PARLEY_TEAM });
  const hints = [...wanted, ...(unseen === null ? [] : [unseen])];
  const lines = [...problems.map(formatProblem), ...hints, counts.join(", ")];
  return { lines, code: broken > 0 ? 1 : 0 };
}
