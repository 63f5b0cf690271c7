import type { KeyValuesByName } from "../adapter-storage.ts";
import { createCalendar } from "../budgets/calendar.ts";
import { BudgetSettingError, parseBudgetSetting } from "../budgets/parse-budget-setting.ts";
import { createCatalogue } from "../backends/catalogue.ts";
import { createCliHost } from "../backends/cli/cli-host.ts";
import { type Env, PROVIDER_KEYS } from "../backends/keys.ts";
import { systemClock } from "../clock.ts";
import { createLocalSearch, type LocalSearch } from "./local-search.ts";
import { createParley, type Parley } from "./parley.ts";
import type { ParleyListener } from "./parley-listener.ts";
import { hasLimits } from "../budgets/rules.ts";
import { nearest } from "../text/nearest.ts";
import { closeDataFolder } from "../store/private-folder.ts";
import { type LoadedSettings, SettingsError } from "../settings.ts";
import { BINDING_CHANNEL } from "../store/tables/bindings.ts";
import { openKeyValues } from "../store/keyv/key-values.ts";
import { openStore, type Store } from "../store/store.ts";
import { DEFAULT_TEAM } from "../teams/bindings.ts";
import { createPushedTeams, isTeamFileKey } from "../teams/pushed-teams.ts";
import { shippedConfigs } from "../teams/files/load-team-files.ts";
import {
  createTeamBook,
  type TeamBook,
  type TeamBookOptions,
  type TeamEntry,
} from "../teams/team-book.ts";
import { formatProblem } from "../teams/files/team-problem.ts";
import { offersOwnKeys } from "../tenants/own-keys.ts";
import { AdminsSettingError, parseAdmins } from "../tenants/installation.ts";
import type { Log } from "../telemetry/log.ts";
import type { CreateEngine } from "../turns/engine/engine-options.ts";
import { createLocalEngine } from "../turns/engine/local-engine.ts";

export interface OpenOptions {
  readonly loaded: LoadedSettings;
  readonly log: Log;
  readonly pid: number;
  readonly version: string;
  /** The names of all platforms, served or not. */
  readonly platforms: readonly string[];
  readonly listener: ParleyListener;
  /** A saved team file is invalid; `text` tells people where and why. */
  readonly onBrokenTeam: (text: string) => void;
}

/** Why the team of PARLEY_TEAM cannot answer, checked at startup; null: it can. */
function unusableTeam(book: TeamBook, name: string, env: Env): string | null {
  const names = book.list().map((entry) => entry.name);
  const entry = book.list().find((one) => one.name === name.toLowerCase());
  const isNamed = Boolean(env["PARLEY_TEAM"]?.trim());
  if (entry) return isNamed ? unusableEntry(entry, env) : null;
  const near = nearest(name, names);
  const hint = near ? ` Did you mean ${near}?` : "";
  return `PARLEY_TEAM (or --team) names the team “${name}”, but there is no file ${name}.yaml among ${names.join(", ")}.${hint}`;
}

function unusableEntry({ name, team, problems }: TeamEntry, env: Env): string | null {
  const errors = problems.filter(({ severity }) => severity === "error");
  // Workspaces may bring the keys that the installation lacks.
  const isTheirs = offersOwnKeys(env) && errors.every(({ cause }) => cause === "keys");
  if (team || isTheirs) return null;
  return `PARLEY_TEAM (or --team) names the team “${name}”, which cannot be used:\n${errors.map(formatProblem).join("\n")}`;
}

const KEY_NAMES = Object.values(PROVIDER_KEYS)
  .map((names) => names[0])
  .join(", ");

/** What to set if the default team has no usable agent; null: it has one, or workspaces bring their own keys. */
function unreadyDefault(book: TeamBook, { settings, env }: LoadedSettings): string | null {
  if (settings.PARLEY_TEAM !== DEFAULT_TEAM) return null;
  const entry = book.list().find(({ name }) => name === DEFAULT_TEAM);
  if (entry?.team || offersOwnKeys(env)) return null;
  const problems = entry?.problems.filter(({ severity }) => severity === "error") ?? [];
  if (problems.every(({ cause }) => cause === "keys")) {
    return `No API key is set, so the team “${DEFAULT_TEAM}” cannot answer. In a terminal the simulated team “demo” answers instead. For real models, set at least one of ${KEY_NAMES}, and start Parley again.`;
  }
  return `The team “${DEFAULT_TEAM}” cannot be used:\n${problems.map(formatProblem).join("\n")}`;
}

const NO_TOKENS = { input: 0, cached: 0, cacheWritten: 0, output: 0 };

/** The shipped team files and those of PARLEY_CONFIGS. */
export const openTeamBook = (
  { settings, env }: LoadedSettings,
  on: Pick<TeamBookOptions, "watch" | "onProblem" | "onChange" | "pushed" | "local">,
): Promise<TeamBook> => {
  const catalogue = createCatalogue();
  return createTeamBook({
    shipped: shippedConfigs(),
    dirs: [shippedConfigs(), ...(settings.PARLEY_CONFIGS ? [settings.PARLEY_CONFIGS] : [])],
    env,
    clock: systemClock,
    priceKnown: (config) => catalogue.cost(config, NO_TOKENS) !== null,
    windowOf: (config) => catalogue.facts(config).contextWindow,
    ...on,
  });
};

/** The team files in the store, and notices of their changes in any process. */
export const pushedTeamsOf = ({ bindings, db }: Store): NonNullable<TeamBookOptions["pushed"]> => ({
  list: () => createPushedTeams(bindings, Date.now).list(),
  onChange: (hear) =>
    db.listen(
      BINDING_CHANNEL,
      (key) => {
        if (isTeamFileKey(key)) hear();
      },
      hear,
    ),
});

/** The engine for the database: SQLite for one process, pg-boss for many. Loads pg-boss only when needed. */
async function engineFor({ db }: Store): Promise<CreateEngine> {
  if (db.dialect === "sqlite") return createLocalEngine;
  const { createBossEngine } = await import("../turns/engine/boss/boss-engine.ts");
  return createBossEngine;
}

function readAdmins({ settings }: LoadedSettings, platforms: readonly string[]) {
  try {
    return parseAdmins(settings.PARLEY_ADMINS ?? "", platforms);
  } catch (error) {
    if (error instanceof AdminsSettingError) throw new SettingsError(error.message);
    throw error;
  }
}

/** Called before anything opens, so that Parley never starts without a limit that it could not parse. */
function readBudgetSettings({ settings }: LoadedSettings) {
  const { PARLEY_BUDGET = "", PARLEY_TIME_ZONE: timeZone } = settings;
  try {
    createCalendar(timeZone);
    return { limits: parseBudgetSetting(PARLEY_BUDGET), timeZone };
  } catch (error) {
    if (error instanceof BudgetSettingError) throw new SettingsError(error.message);
    throw new SettingsError(
      `PARLEY_TIME_ZONE: there is no time zone “${timeZone}”. Write one such as UTC or Europe/Berlin.`,
    );
  }
}

const NO_BUDGET =
  "No budget is set: each turn is limited by its team's max_cost_usd alone. To limit all of them, set PARLEY_BUDGET, such as PARLEY_BUDGET=50usd/day, or use the command `budget set`.";

/** Warnings for the operator at startup. */
function announceRisks(log: Log, dir: string, hasBudget: boolean): void {
  // Again, since the databases exist now.
  const warning = closeDataFolder(dir);
  if (warning !== null) log.warn(warning);
  if (!hasBudget) log.info(NO_BUDGET);
}

/** Parley with the caches of its adapters. */
export interface OpenedParley extends Parley {
  readonly kept: KeyValuesByName;
  /** What people at the terminal and readers of the log should know at the start; null: nothing. */
  readonly news: string | null;
  /** What the operator has to set before anything can answer; null: nothing. */
  readonly unready: string | null;
  close(): Promise<void>;
}

/** The team files, reloaded on change, with what is said about them. */
const watchTeams = (
  { loaded, log, onBrokenTeam }: OpenOptions,
  store: Store,
  local: LocalSearch,
): Promise<TeamBook> =>
  openTeamBook(loaded, {
    local: local.found,
    pushed: pushedTeamsOf(store),
    onProblem(problem, keptLast) {
      const text = `${formatProblem(problem)}${keptLast ? " The version before it stays in use." : ""}`;
      log.warn({ file: problem.file, line: problem.line }, text);
      onBrokenTeam(text);
    },
    onChange: ({ changed, removed }) => log.info({ changed, removed }, "team files reloaded"),
  });

/** Opens Parley on its database, ready to serve platforms. Rejects with a `StoreError`. */
export async function openParley(options: OpenOptions): Promise<OpenedParley> {
  const { loaded, log, pid } = options;
  const { PARLEY_DATA: dir, PARLEY_TEAM: team, DATABASE_URL: url } = loaded.settings;
  const budgets = readBudgetSettings(loaded);
  const admins = readAdmins(loaded, options.platforms);
  closeDataFolder(dir);
  const store = await openStore({ dir, pid, now: Date.now, url });
  const onProblem = (problem: unknown) => options.listener.problem(problem, {});
  const keyValues = await openKeyValues({ ...store, dir, onProblem }).catch(async (error) => {
    await store.close();
    throw error;
  });
  announceRisks(log, dir, budgets.limits.length > 0 || (await hasLimits(store.bindings)));
  const local = createLocalSearch(loaded);
  const book = await watchTeams(options, store, local);
  const cli = createCliHost({ clock: systemClock, wallClock: Date.now, dataFolder: dir, pid });
  const close = async () => {
    await cli.close();
    await book.close();
    await keyValues.close();
    await store.close();
  };
  await local.run(book);
  const missing = unusableTeam(book, team, loaded.env);
  if (missing) {
    await close();
    throw new SettingsError(missing);
  }
  for (const problem of book.problems()) log.debug({ file: problem.file }, formatProblem(problem));
  const parley = createParley({
    store,
    book,
    catalogue: createCatalogue(),
    env: loaded.env,
    cli,
    clock: systemClock,
    wallClock: Date.now,
    team,
    concurrency: loaded.settings.PARLEY_TURNS,
    createEngine: await engineFor(store),
    ...budgets,
    admins,
    version: options.version,
    listener: options.listener,
  });
  const unready = unreadyDefault(book, loaded);
  return { ...parley, kept: keyValues.of, close, news: local.news(book), unready };
}

/** Says which local models answer, which team files answer nowhere, and what to set before anything can answer. */
export function announceTeams(
  { ports, news, unready }: Pick<OpenedParley, "ports" | "news" | "unready">,
  log: Log,
  notice: (text: string) => void,
): void {
  const unseen = ports.teams.unseen();
  if (unseen !== null) log.warn(unseen);
  if (unready !== null) {
    log.warn(unready);
    notice(unready);
  }
  if (news === null) return;
  log.info(news);
  notice(news);
}
