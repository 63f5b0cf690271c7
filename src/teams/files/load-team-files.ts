import { readdir, readFile, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, parse } from "node:path";
import type { TeamSource } from "./read-team.ts";
import type { TeamProblem } from "./team-problem.ts";
import { MOST_BYTES } from "./yaml-source.ts";

/** The folder of the team files that Parley ships with. */
export const shippedConfigs = (): string =>
  dirname(createRequire(import.meta.url).resolve("#configs/schema.json"));

/** The team files of several folders. */
export interface TeamFiles {
  readonly sources: ReadonlyMap<string, TeamSource>;
  /** Teams whose file exists but is unreadable: too large, not a regular file, no permission. */
  readonly unread: ReadonlyMap<string, TeamProblem>;
  /** Unreadable folders, and files with invalid names. */
  readonly problems: readonly TeamProblem[];
  /** False if a folder was unreadable, so missing files may still exist. */
  readonly complete: boolean;
}

const TEAM_NAME = /^[a-z0-9][a-z0-9_-]*$/i;
const IS_YAML = /\.ya?ml$/i;
// Prefixes of editors' lock and backup files.
const IS_HIDDEN = /^[.#~_]/;

const problem = (file: string, message: string): TeamProblem => ({
  team: parse(file).name.toLowerCase(),
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
    // Reading a named pipe would block, and a device never ends.
    const { size, isFile } = await kindOf(file);
    if (!isFile) return problem(file, "this is no regular file");
    if (size > MOST_BYTES) {
      return problem(
        file,
        `the file is larger than ${MOST_BYTES / 1024} kB, the most that is read. Shorten it`,
      );
    }
    return { name: name.toLowerCase(), file, text: await readFile(file, "utf8") };
  } catch (error) {
    const code = codeOf(error);
    return code === "ENOENT" ? null : problem(file, `the file cannot be read (${code})`);
  }
}

async function kindOf(file: string) {
  const found = await stat(file);
  return { size: found.size, isFile: found.isFile() };
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

async function loadFolder(
  dir: string,
): Promise<readonly (TeamSource | TeamProblem)[] | TeamProblem> {
  const files = await listFolder(dir);
  if ("message" in files) return files;
  return (await Promise.all(files.map(loadSource))).filter((loaded) => loaded !== null);
}

/** The files pushed into the store, treated like a folder. */
async function loadPushed(
  list: () => Promise<readonly TeamSource[]>,
): Promise<readonly TeamSource[] | TeamProblem> {
  try {
    return await list();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return problem("database", `the team files that were pushed cannot be read: ${why}`);
  }
}

/**
 * Reads the `*.yaml` files of the folders, and pushed files. For equal names, the later folder wins; pushed files rank after the first folder
 * (the shipped files) and before the others. Never rejects.
 */
export async function loadTeamFiles(
  dirs: readonly string[],
  pushed: () => Promise<readonly TeamSource[]> = async () => [],
): Promise<TeamFiles> {
  const sources = new Map<string, TeamSource>();
  const unread = new Map<string, TeamProblem>();
  const problems: TeamProblem[] = [];
  const [shipped, ...own] = await Promise.all(dirs.map(loadFolder));
  const places = [...(shipped ? [shipped] : []), await loadPushed(pushed), ...own];
  for (const place of places) {
    if ("message" in place) {
      problems.push(place);
      continue;
    }
    for (const loaded of place) {
      if ("text" in loaded) {
        sources.set(loaded.name, loaded);
        unread.delete(loaded.name);
      } else if (TEAM_NAME.test(loaded.team)) {
        // An unreadable file still overrides an earlier one, because its author did not want the shipped file.
        sources.delete(loaded.team);
        unread.set(loaded.team, loaded);
      } else problems.push(loaded);
    }
  }
  return { sources, unread, problems, complete: places.every((place) => !("message" in place)) };
}
