import type { KeyValuesByName } from "./adapter-storage.ts";
import { createCalendar } from "./budgets/calendar.ts";
import { BudgetSettingError, parseBudgetSetting } from "./budgets/parse-budget-setting.ts";
import { createCatalogue } from "./backends/catalogue.ts";
import { systemClock } from "./clock.ts";
import { createParley, type Parley, type ParleyListener } from "./parley.ts";
import { hasLimits } from "./budgets/rules.ts";
import { nearest } from "./nearest.ts";
import { closeDataFolder } from "./store/private-folder.ts";
import { type LoadedSettings, SettingsError } from "./settings.ts";
import { BINDING_CHANNEL } from "./store/tables/bindings.ts";
import { openKeyValues } from "./store/keyv/key-values.ts";
import { openStore, type Store } from "./store/store.ts";
import { createPushedTeams, isTeamFileKey } from "./teams/pushed-teams.ts";
import { shippedConfigs } from "./teams/files/load-team-files.ts";
import { createTeamBook, type TeamBook, type TeamBookOptions } from "./teams/team-book.ts";
import { formatProblem } from "./teams/files/team-problem.ts";
import { AdminsSettingError, parseAdmins } from "./tenants/installation.ts";
import type { Log } from "./telemetry/log.ts";
import type { CreateEngine } from "./turns/engine/engine-options.ts";
import { createLocalEngine } from "./turns/engine/local-engine.ts";

export interface OpenOptions {
  readonly loaded: LoadedSettings;
  readonly log: Log;
  readonly pid: number;
  readonly version: string;
  readonly listener: ParleyListener;
  /** A saved team file is broken; `text` says where and why, for people. */
  readonly onBrokenTeam: (text: string) => void;
}

/** A default that names no file would go unnoticed until somebody asks why another team answers. */
function unknownTeam(book: TeamBook, name: string): string | null {
  const names = book.list().map((entry) => entry.name);
  if (names.includes(name.toLowerCase())) return null;
  const near = nearest(name, names);
  const hint = near ? ` Did you mean ${near}?` : "";
  return `PARLEY_TEAM (or --team) names the team “${name}”, but there is no file ${name}.yaml among ${names.join(", ")}.${hint}`;
}

const NO_TOKENS = { input: 0, cached: 0, cacheWritten: 0, output: 0 };

/** The team files, shipped and own. */
export const openTeamBook = (
  { settings, env }: LoadedSettings,
  on: Pick<TeamBookOptions, "watch" | "onProblem" | "onChange" | "pushed">,
): Promise<TeamBook> => {
  const catalogue = createCatalogue();
  return createTeamBook({
    shipped: shippedConfigs(),
    dirs: [shippedConfigs(), ...(settings.PARLEY_CONFIGS ? [settings.PARLEY_CONFIGS] : [])],
    env,
    clock: systemClock,
    priceKnown: (config) => catalogue.cost(config, NO_TOKENS) !== null,
    ...on,
  });
};

/** The team files in the store, and when they change in any process. */
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

/** One process or many: the engine goes with the database. pg-boss is loaded only where it is needed. */
async function engineFor({ db }: Store): Promise<CreateEngine> {
  if (db.dialect === "sqlite") return createLocalEngine;
  const { createBossEngine } = await import("./turns/engine/boss/boss-engine.ts");
  return createBossEngine;
}

function readAdmins({ settings }: LoadedSettings) {
  try {
    return parseAdmins(settings.PARLEY_ADMINS ?? "");
  } catch (error) {
    if (error instanceof AdminsSettingError) throw new SettingsError(error.message);
    throw error;
  }
}

/** Read before anything is opened: a limit that is not understood must not be gone without. */
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

/** What an operator should know before anybody asks anything. */
function announceRisks(log: Log, dir: string, hasBudget: boolean): void {
  // Once more: the databases are there now.
  const warning = closeDataFolder(dir);
  if (warning !== null) log.warn(warning);
  if (!hasBudget) log.info(NO_BUDGET);
}

/** Parley, with what adapters may keep, by name. */
export interface OpenedParley extends Parley {
  readonly kept: KeyValuesByName;
  close(): Promise<void>;
}

/** Parley on its database, ready to serve platforms. Rejects with a `StoreError`. */
export async function openParley(options: OpenOptions): Promise<OpenedParley> {
  const { loaded, log, pid } = options;
  const { PARLEY_DATA: dir, PARLEY_TEAM: team, DATABASE_URL: url } = loaded.settings;
  const budgets = readBudgetSettings(loaded);
  const admins = readAdmins(loaded);
  closeDataFolder(dir);
  const store = await openStore({ dir, pid, now: Date.now, url });
  const onProblem = (problem: unknown) => options.listener.problem(problem, {});
  const keyValues = await openKeyValues({ ...store, dir, onProblem }).catch(async (error) => {
    await store.close();
    throw error;
  });
  announceRisks(log, dir, budgets.limits.length > 0 || (await hasLimits(store.bindings)));
  const book = await openTeamBook(loaded, {
    pushed: pushedTeamsOf(store),
    onProblem(problem, keptLast) {
      const text = `${formatProblem(problem)}${keptLast ? " The version before it stays in use." : ""}`;
      log.warn({ file: problem.file, line: problem.line }, text);
      options.onBrokenTeam(text);
    },
    onChange: ({ changed, removed }) => log.info({ changed, removed }, "team files reloaded"),
  });
  const close = async () => {
    await book.close();
    await keyValues.close();
    await store.close();
  };
  const missing = unknownTeam(book, team);
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
  return { ...parley, kept: keyValues.of, close };
}
