import { dirname } from "node:path";
import type { BackendConfig } from "../backends/config.ts";
import type { Env } from "../backends/keys.ts";
import type { Clock } from "../clock.ts";
import { loadTeamFiles, type TeamFiles } from "./files/load-team-files.ts";
import type { FoundLocally } from "./auto-agents.ts";
import type { PushedTeam } from "./pushed-teams.ts";
import { readTeam, type TeamSource } from "./files/read-team.ts";
import { createReloadTrigger } from "./files/reload-trigger.ts";
import { formatProblem, type TeamProblem } from "./files/team-problem.ts";
import type { Team } from "./team.ts";
import type { WantedVariable } from "./files/wanted-variables.ts";
import { type WatchFolder, watchFolder } from "./files/watch-folder.ts";

/** A team file and its loaded state. */
export interface TeamEntry {
  readonly name: string;
  readonly file: string;
  /** Who pushed it into the store, and which version; absent for files in folders. */
  readonly pushed?: { readonly by: string; readonly version: number };
  /** The file ships with Parley. */
  readonly isShipped: boolean;
  /** The last valid version; null if there has been none. */
  readonly team: Team | null;
  /** Problems in the current file. */
  readonly problems: readonly TeamProblem[];
  /** The variables it refers to, for the operator. */
  readonly wanted?: readonly WantedVariable[];
}

/** The result of a reload. */
export interface Reload {
  /** Teams with a new or changed valid file. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** All current errors and warnings. */
  readonly problems: readonly TeamProblem[];
}

/** The team files, reloaded on every change. */
export interface TeamBook {
  /** By name. */
  list(): readonly TeamEntry[];
  /** The current team with this name, case-insensitive; null if there is no valid one. */
  get(name: string): Team | null;
  /** The team's last valid text, read with another environment; null if none of its agents could run. */
  readWith(name: string, env: Env): Team | null;
  problems(): readonly TeamProblem[];
  /** Reads all files now. Never rejects. */
  reload(): Promise<Reload>;
  close(): Promise<void>;
}

export interface TeamBookOptions {
  /** Folders of team files. For equal names, the later folder wins. */
  readonly dirs: readonly string[];
  /** The folder that ships with Parley. */
  readonly shipped?: string;
  /** Files in the store. They override the first folder, the shipped files. */
  readonly pushed?: {
    readonly list: () => Promise<readonly PushedTeam[]>;
    /** Calls `hear` on changes. The result unsubscribes. */
    readonly onChange: (hear: () => void) => Promise<() => Promise<void>>;
  };
  readonly env: Env;
  readonly clock: Clock;
  /** Whether a backend's calls have a known price; only for the warning about `max_cost_usd`. */
  readonly priceKnown?: (backend: BackendConfig) => boolean;
  /** Tokens that a backend's model reads; only for large teams. */
  readonly windowOf?: (backend: BackendConfig) => number;
  /** What this machine offers without a key, asked at each reload. Default: nothing. */
  readonly local?: () => FoundLocally;
  /** `null` reloads only on request. */
  readonly watch?: WatchFolder | null;
  /** A saved file has a new error. `keptLast`: the previous version stays in use. */
  readonly onProblem?: (problem: TeamProblem, keptLast: boolean) => void;
  /** Saved files take effect from the next turn. */
  readonly onChange?: (reload: Reload) => void;
}

const isError = ({ severity }: TeamProblem) => severity === "error";

interface Entry extends TeamEntry {
  readonly text: string;
  /** The text of the last valid version; null if there has been none. */
  readonly good: string | null;
}

type Entries = ReadonlyMap<string, Entry>;

const inFiles = (files: TeamFiles, before: Entries): Entries =>
  // Keep teams while a folder is temporarily unreadable.
  files.complete ? new Map() : new Map([...before].filter(([name]) => !files.sources.has(name)));

function readAll(files: TeamFiles, before: Entries, options: TeamBookOptions): Entries {
  const entries = new Map(inFiles(files, before));
  for (const source of files.sources.values()) {
    entries.set(source.name, readEntry(source, before.get(source.name), options));
  }
  for (const [name, problem] of files.unread) {
    const { team = null, text = "", good = null } = before.get(name) ?? {};
    const isShipped = dirname(problem.file) === options.shipped;
    const problems = [problem];
    entries.set(name, { name, file: problem.file, isShipped, text, good, team, problems });
  }
  return entries;
}

function readEntry(
  source: TeamSource,
  last: Entry | undefined,
  { env, shipped, priceKnown = () => true, windowOf, local }: TeamBookOptions,
): Entry {
  const { team, problems, wanted } = readTeam(source, {
    env,
    priceKnown,
    windowOf,
    local: local?.(),
  });
  const isBroken = problems.some((problem) => isError(problem) && problem.cause === "file");
  return {
    ...source,
    ...pushedBy(source),
    isShipped: dirname(source.file) === shipped,
    team: team ?? last?.team ?? null,
    problems,
    wanted,
    good: isBroken ? (last?.good ?? null) : source.text,
  };
}

const pushedBy = (source: TeamSource | PushedTeam) =>
  "version" in source ? { pushed: { by: source.by, version: source.version } } : {};

function compare(before: Entries, after: Entries) {
  const isInUse = (name: string) => !after.get(name)?.problems.some(isError);
  const isNew = (name: string) =>
    before.get(name)?.text !== after.get(name)?.text ||
    before.get(name)?.file !== after.get(name)?.file;
  return {
    changed: [...after.keys()].filter((name) => isNew(name) && isInUse(name)),
    removed: [...before.keys()].filter((name) => !after.has(name)),
  };
}

/** Runs one reload at a time. Calls during a reload share the next one. */
function inTurn<T>(work: () => Promise<T>): () => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const next = last.then(work);
    last = next;
    return next;
  };
}

/** Reads the team files and reloads them until closed. Never rejects: errors are in `problems`. */
export async function createTeamBook(options: TeamBookOptions): Promise<TeamBook> {
  let entries: Entries = new Map();
  let elsewhere: readonly TeamProblem[] = [];
  const problems = () => [
    ...elsewhere,
    ...[...entries.values()].flatMap((entry) => entry.problems),
  ];

  const reload = inTurn(async (): Promise<Reload> => {
    const files = await loadTeamFiles(options.dirs, options.pushed?.list);
    const before = entries;
    entries = readAll(files, before, options);
    elsewhere = files.problems;
    return { ...compare(before, entries), problems: problems() };
  });
  const reloadSaved = async () => {
    const known = new Set(problems().map(formatProblem));
    const result = await reload();
    for (const problem of result.problems.filter(isError)) {
      if (known.has(formatProblem(problem))) continue;
      options.onProblem?.(problem, Boolean(entries.get(problem.team)?.team));
    }
    if (result.changed.length + result.removed.length > 0) options.onChange?.(result);
  };

  await reload();
  const { watch = watchFolder, dirs, clock } = options;
  const unlisten = await options.pushed?.onChange(() => void reloadSaved());
  const stop = watch
    ? createReloadTrigger({ dirs, watch, clock, reload: () => void reloadSaved() })
    : () => {};
  return {
    list: () => [...entries.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    get: (name) => entries.get(name.trim().toLowerCase())?.team ?? null,
    readWith(name, env) {
      const entry = entries.get(name.trim().toLowerCase());
      if (!entry || entry.good === null) return null;
      const { priceKnown = () => true, windowOf } = options;
      return readTeam({ ...entry, text: entry.good }, { env, priceKnown, windowOf }).team;
    },
    problems,
    reload,
    async close() {
      stop();
      await unlisten?.();
    },
  };
}
