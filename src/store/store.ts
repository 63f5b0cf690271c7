import { join } from "node:path";
import type { InstallRecords } from "../adapter-storage.ts";
import { createAdapterState } from "./tables/adapter-state.ts";
import { createBindings } from "./tables/bindings.ts";
import { createBudgets } from "./tables/budgets.ts";
import { createChoices } from "./tables/choices.ts";
import { createClaims } from "./tables/claims.ts";
import { lockDataFolder } from "./sqlite/data-lock.ts";
import type { Database, Queries } from "./database.ts";
import { createDeliveries } from "./tables/deliveries.ts";
import { createFeedback } from "./tables/feedback.ts";
import { createInbox, PEOPLE_INPUT_CHANNEL } from "./tables/inbox.ts";
import { createInstalls, INSTALL_CHANNEL } from "./tables/installs.ts";
import { createJournal } from "./tables/journal.ts";
import { createMessages } from "./tables/messages.ts";
import { migrate } from "./migrate.ts";
import { refuseMoved } from "./sqlite/moved-mark.ts";
import { openSqlite } from "./sqlite/open-sqlite.ts";
import { createTurns } from "./tables/turns.ts";
import { createUsage } from "./tables/usage.ts";
import type { TurnId } from "../ids.ts";
import { createThreadLines } from "./tables/thread-lines.ts";

/** Everything Parley keeps, by noun. */
export type Repositories = ReturnType<typeof createRepositories>;

const createRepositories = (db: Queries, now: () => number) => ({
  claims: createClaims(db, now),
  turns: createTurns(db, now),
  journal: createJournal(db, now),
  inbox: createInbox(db, now),
  choices: createChoices(db, now),
  deliveries: createDeliveries(db, now),
  bindings: createBindings(db),
  budgets: createBudgets(db, now),
  messages: createMessages(db, now),
  usage: createUsage(db, now),
  feedback: createFeedback(db, now),
  installs: createInstalls(db, now),
  adapterState: createAdapterState(db, now),
  threadLines: createThreadLines(db, now),
});

type InstallsOf = Repositories["installs"]["of"];

/** A platform's installations, and when they change. */
export interface PlatformInstalls extends ReturnType<InstallsOf> {
  readonly onChange: InstallRecords["onChange"];
}

export interface Store extends Repositories {
  readonly db: Database;
  readonly installs: { readonly of: (platform: string) => PlatformInstalls };
  /** All of `work` or none of it. Inside, use only what it is given; `t` is for the engine's `enqueue`. */
  tx<T>(work: (inside: Repositories, t: Queries) => Promise<T>): Promise<T>;
  /** Calls `hear` when people tell a running turn something: a message in its inbox, a choice. The result ends it. */
  onPeopleInput(turn: TurnId, hear: () => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export interface StoreOptions {
  /** The data folder, or ":memory:"; not looked at when `url` is there. */
  readonly dir: string;
  /** A PostgreSQL database that several processes share, in place of the folder. */
  readonly url?: string | undefined;
  /** Written into the folder for whoever finds it taken. */
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Opens the store: embedded, and then its folder is this process's alone, or on a server. Rejects with a `StoreError` that says what is
 * wrong and what to do.
 */
export async function openStore({ dir, pid, now, url }: StoreOptions): Promise<Store> {
  if (url !== undefined) {
    const { openPostgres } = await import("./postgres/open-postgres.ts");
    return createStore(await openPostgres(url), now);
  }
  if (dir === ":memory:") return createStore(openSqlite(dir), now);
  const file = join(dir, "parley.db");
  refuseMoved(file);
  const unlock = lockDataFolder(dir, pid);
  try {
    const store = await createStore(openSqlite(file), now);
    return { ...store, close: () => store.close().finally(unlock) };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** A store over any database, its schema brought up to date. Closes the database if that fails. */
export async function createStore(db: Database, now: () => number): Promise<Store> {
  try {
    await migrate(db, now);
  } catch (error) {
    await db.close();
    throw error;
  }
  const repositories = createRepositories(db, now);
  return {
    ...repositories,
    installs: { of: (platform) => observed(repositories.installs.of(platform), platform, db) },
    db,
    tx: (work) => db.tx((t) => work(createRepositories(t, now), t)),
    onPeopleInput: (turn, hear) =>
      db.listen(
        PEOPLE_INPUT_CHANNEL,
        (told) => {
          if (told === turn) hear();
        },
        hear,
      ),
    close: () => db.close(),
  };
}

const observed = (
  installs: ReturnType<InstallsOf>,
  platform: string,
  { listen }: Pick<Database, "listen">,
): PlatformInstalls => ({
  ...installs,
  onChange: (hear) =>
    listen(
      INSTALL_CHANNEL,
      (changed) => {
        if (changed.startsWith(`${platform} `)) hear(changed.slice(platform.length + 1));
      },
      () => hear(null),
    ),
});
