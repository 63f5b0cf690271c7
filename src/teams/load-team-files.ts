import { readdir, readFile } from "node:fs/promises";
import { join, parse } from "node:path";
import type { TeamSource } from "./read-team.ts";
import type { TeamProblem } from "./team-problem.ts";

/** The team files of some folders. */
export interface TeamFiles {
  readonly sources: ReadonlyMap<string, TeamSource>;
  /** Folders and files that could not be read. */
  readonly problems: readonly TeamProblem[];
  /** False: a folder could not be read, so a missing file proves nothing. */
  readonly complete: boolean;
}

const TEAM_NAME = /^[a-z0-9][a-z0-9_-]*$/i;
const IS_YAML = /\.ya?ml$/i;
// Editors' lock and backup files start so.
const IS_HIDDEN = /^[.#~_]/;

const problem = (file: string, message: string): TeamProblem => ({
  team: parse(file).name,
  file,
  line: 1,
  column: 1,
  message,
  severity: "error",
  cause: "file",
});

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : String(error);

async function loadSource(file: string): Promise<TeamSource | TeamProblem | null> {
  const { name } = parse(file);
  if (!TEAM_NAME.test(name)) {
    return problem(
      file,
      "the file's name is the team's name: letters, digits, - and _ only, such as council.yaml",
    );
  }
  try {
    return { name: name.toLowerCase(), file, text: await readFile(file, "utf8") };
  } catch (error) {
    const code = codeOf(error);
    return code === "ENOENT" ? null : problem(file, `the file cannot be read (${code})`);
  }
}

async function listFolder(dir: string): Promise<readonly string[] | TeamProblem> {
  try {
    const names = await readdir(dir);
    return names
      .filter((name) => IS_YAML.test(name) && !IS_HIDDEN.test(name))
      .toSorted()
      .map((name) => join(dir, name));
  } catch (error) {
    return problem(dir, `the folder of team files cannot be read (${codeOf(error)})`);
  }
}

/** Reads the `*.yaml` of the folders; a later folder's file takes the place of an earlier one's of the same name. Never rejects. */
export async function loadTeamFiles(dirs: readonly string[]): Promise<TeamFiles> {
  const sources = new Map<string, TeamSource>();
  const problems: TeamProblem[] = [];
  const folders = await Promise.all(dirs.map(listFolder));
  for (const folder of folders) {
    if ("message" in folder) {
      problems.push(folder);
      continue;
    }
    for (const loaded of await Promise.all(folder.map(loadSource))) {
      if (loaded !== null && "text" in loaded) sources.set(loaded.name, loaded);
      else if (loaded !== null) problems.push(loaded);
    }
  }
  return { sources, problems, complete: folders.every((folder) => !("message" in folder)) };
}
