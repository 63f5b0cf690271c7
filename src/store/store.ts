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
import { createFragments } from "./tables/fragments.ts";
import { createFeedback } from "./tables/feedback.ts";
import { createInbox, PEOPLE_INPUT_CHANNEL } from "./tables/inbox.ts";
import { createInstalls, INSTALL_CHANNEL } from "./tables/installs.ts";
import { createJournal } from "./tables/journal.ts";
import { createMessages } from "./tables/messages.ts";
import { migrate } from "./migrate.ts";
import { readPeopleInput } from "./tables/people-input.ts";
import { refuseMoved } from "./sqlite/moved-mark.ts";
import { openSqlite } from "./sqlite/open-sqlite.ts";
import { createTrackRecords } from "./tables/track-records.ts";
import { createTurns } from "./tables/turns.ts";
import { createUsage } from "./tables/usage.ts";
import type { TurnId } from "../ids.ts";
import { createThreadLines } from "./tables/thread-lines.ts";

/** All stored data, by noun. */
export type Repositories = ReturnType<typeof createRepositories>;

const createRepositories = (db: Queries, now: () => number) => ({
  claims: createClaims(db, now),
  turns: createTurns(db, now),
  journal: createJournal(db, now),
  fragments: createFragments(db, now),
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
  trackRecords: createTrackRecords(db, now),
});

type InstallsOf = Repositories["installs"]["of"];

/** A platform's installations, with change notifications. */
export interface PlatformInstalls extends ReturnType<InstallsOf> {
  readonly onChange: InstallRecords["onChange"];
}

export interface Store extends Repositories {
  readonly db: Database;
  readonly installs: { readonly of: (platform: string) => PlatformInstalls };
  /** Runs `work` in a transaction. Inside, use only its arguments; `t` is for the engine's `enqueue`. */
  tx<T>(work: (inside: Repositories, t: Queries) => Promise<T>): Promise<T>;
  /** All that people added to a turn. */
  peopleInput(turn: TurnId): ReturnType<typeof readPeopleInput>;
  /** Calls `hear` when a running turn receives input: an inbox message or a choice. The result unsubscribes. */
  onPeopleInput(turn: TurnId, hear: () => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export interface StoreOptions {
  /** The data folder, or ":memory:". Ignored if `url` is set. */
  readonly dir: string;
  /** A PostgreSQL database that several processes can share, instead of the folder. */
  readonly url?: string | undefined;
  /** Written into the folder's lock, to identify the holder. */
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Opens the store: embedded, which locks its folder for this process, or on a server. Rejects with a `StoreError` that says what is wrong and
 * what to do.
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

/** Creates a store over any database and migrates its schema. Closes the database if that fails. */
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
    peopleInput: (turn) => readPeopleInput(db, turn),
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
