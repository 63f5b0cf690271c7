import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import type { BackendConfig } from "../backends/config.ts";
import { createCatalogue } from "../backends/catalogue.ts";
import { formatCount } from "../progress/format.ts";
import type { LoadedSettings } from "../settings.ts";
import { openStore } from "../store/store.ts";
import { loadTeamFiles } from "../teams/files/load-team-files.ts";
import { createPushedTeams, type PushedTeams, type PushedVersion } from "../teams/pushed-teams.ts";
import { readTeam, type TeamSource } from "../teams/files/read-team.ts";
import { formatWanted } from "../teams/files/wanted-variables.ts";
import { formatProblem, type TeamProblem } from "../teams/files/team-problem.ts";
import type { CommandOutput } from "./check-teams.ts";
import { CliError, type TeamFilesCommand } from "./parse-cli.ts";

type CliRuntime = LoadedSettings & { readonly pid: number };

/** `teams push`, `pull`, `history` and `remove`: the team files in the database. */
export function runTeamFiles(command: TeamFilesCommand, on: CliRuntime): Promise<CommandOutput> {
  switch (command.name) {
    case "push":
      return pushTeams(on, command.path);
    case "pull":
      return pullTeams(on, command.dir);
    case "history":
      return teamHistory(on, command.team, command.version);
    case "remove":
      return removeTeam(on, command.team);
  }
}

/** Stores a team file, or all of a folder, in the database; stores nothing if one of them is invalid. */
async function pushTeams(on: CliRuntime, path: string): Promise<CommandOutput> {
  const { sources, problems, wanted } = await readSources(on, path);
  const broken = problems.filter(({ severity, cause }) => severity === "error" && cause === "file");
  const complaints = problems.map(formatProblem);
  if (broken.length > 0) {
    const errors = formatCount(broken.length, "error");
    return { lines: [...complaints, `${errors}; nothing was pushed`], code: 1 };
  }
  return withPushed(on, async (pushed) => {
    const lines: string[] = [...complaints, ...wanted];
    for (const { name, text } of sources) {
      const { same, version } = await pushed.put(name, text, whoIs(on));
      lines.push(`${name}: ${same ? "unchanged" : "pushed"}, version ${version}`);
    }
    return lines;
  });
}

/** Writes the team files of the database into a folder; never overwrites a different file. */
const pullTeams = (on: CliRuntime, dir: string): Promise<CommandOutput> =>
  withPushed(on, async (pushed) => {
    await mkdir(dir, { recursive: true });
    const lines: string[] = [];
    for (const { name, text, version } of await pushed.list()) {
      const file = join(dir, `${name}.yaml`);
      const there = await readFile(file, "utf8").catch(() => null);
      if (there === null) await writeFile(file, text);
      const isOther = there !== null && there !== text;
      lines.push(
        isOther
          ? `${file}: a different file exists and was not changed; the database has version ${version}`
          : `${file}: version ${version}`,
      );
    }
    return lines.length > 0 ? lines : ["There are no team files in the database."];
  });

/** The versions of a team file, newest first; or the text of one. */
const teamHistory = (
  on: CliRuntime,
  team: string,
  version: string | undefined,
): Promise<CommandOutput> =>
  withPushed(on, async (pushed) => {
    const all = await pushed.history(team.toLowerCase());
    if (all.length === 0) throw new CliError(`The team “${team}” was never pushed.`);
    if (version === undefined) return all.map(formatVersion);
    const found = all.find((one) => String(one.version) === version);
    if (!found)
      throw new CliError(`${team} has no version ${version}: see \`teams history ${team}\`.`);
    return found.text === null ? [formatVersion(found)] : [found.text.trimEnd()];
  });

/** Removes a team file from the database; a shipped team of the same name is used again. */
const removeTeam = (on: CliRuntime, team: string): Promise<CommandOutput> =>
  withPushed(on, async (pushed) => {
    const { same } = await pushed.put(team.toLowerCase(), null, whoIs(on));
    if (same) throw new CliError(`There is no team “${team}” in the database.`);
    return [`${team}: removed`];
  });

const formatVersion = ({ version, at, by, text }: PushedVersion): string =>
  `${version}  ${new Date(at).toISOString().slice(0, 16).replace("T", " ")}  ${by}${text === null ? "  removed" : ""}`;

const whoIs = ({ env }: CliRuntime): string => `cli:${env["USER"] ?? env["LOGNAME"] ?? "unknown"}`;

async function withPushed(
  { settings, pid }: CliRuntime,
  work: (pushed: PushedTeams) => Promise<readonly string[]>,
): Promise<CommandOutput> {
  const { PARLEY_DATA: dir, DATABASE_URL: url } = settings;
  const store = await openStore({ dir, pid, now: Date.now, url });
  try {
    return { lines: await work(createPushedTeams(store.bindings, Date.now)), code: 0 };
  } finally {
    await store.close();
  }
}

const NO_TOKENS = { input: 0, cached: 0, cacheWritten: 0, output: 0 };

/** Reads the team files of a folder, or one file, with all their problems. */
async function readSources(
  { env }: CliRuntime,
  path: string,
): Promise<{
  readonly sources: readonly TeamSource[];
  readonly problems: readonly TeamProblem[];
  readonly wanted: readonly string[];
}> {
  const isFile = (await stat(path).catch(() => null))?.isFile() ?? false;
  const isMeant = (file: string) => !isFile || normalize(file) === normalize(path);
  const files = await loadTeamFiles([isFile ? dirname(path) : path]);
  const sources = [...files.sources.values()].filter(({ file }) => isMeant(file));
  const unread = [...files.unread.values(), ...files.problems].filter(({ file }) => isMeant(file));
  if (sources.length + unread.length === 0) {
    throw new CliError(`There is no team file (*.yaml) at ${path}.`);
  }
  const catalogue = createCatalogue();
  const priceKnown = (config: BackendConfig) => catalogue.cost(config, NO_TOKENS) !== null;
  const windowOf = (config: BackendConfig) => catalogue.facts(config).contextWindow;
  const read = sources.map((source) => ({
    ...source,
    ...readTeam(source, { env, priceKnown, windowOf }),
  }));
  return {
    sources,
    problems: [...unread, ...read.flatMap(({ problems }) => problems)],
    wanted: read.flatMap(({ file, wanted }) => formatWanted(file, wanted, env)),
  };
}
