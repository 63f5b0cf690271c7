import { openTeamBook } from "../open-parley.ts";
import { formatCount } from "../progress/format.ts";
import type { LoadedSettings } from "../settings.ts";
import { formatWanted } from "../teams/files/wanted-variables.ts";
import { formatProblem } from "../teams/files/team-problem.ts";
import type { Said } from "./said.ts";

/** `teams validate`: what is wrong in the team files, by line and column, and how much of it; then the variables that they refer to. */
export async function validateTeams(loaded: LoadedSettings): Promise<Said> {
  const book = await openTeamBook(loaded, { watch: null });
  const problems = book.problems();
  // A file that only lacks a key here is a good file.
  const broken = problems.filter((p) => p.severity === "error" && p.cause === "file").length;
  const counts = [
    formatCount(book.list().length, "team file"),
    formatCount(broken, "error"),
    formatCount(problems.length - broken, "warning"),
  ];
  const wanted = book
    .list()
    .flatMap(({ file, wanted: variables = [] }) => formatWanted(file, variables, loaded.env));
  const lines = [...problems.map(formatProblem), ...wanted, counts.join(", ")];
  return { lines, code: broken > 0 ? 1 : 0 };
}
