/** What a column holds in both dialects; JSON is stored as text, booleans as 0 and 1, times as milliseconds since the epoch. */
export type Value = string | number | null;
export type Row = Readonly<Record<string, unknown>>;

/** Statements, alone or inside a transaction. Parameters are written `$1`, `$2`, …; SQL stays within what SQLite and PostgreSQL share. */
export interface Queries {
  readonly dialect: "sqlite" | "postgres";
  /** Rejects with a `StoreError`. */
  q(sql: string, params?: readonly Value[]): Promise<readonly Row[]>;
  /**
   * All of `work` or none of it; a nested one is a part of it, and takes all of it with it when it fails. Nothing but statements of `t`, one after the other, is awaited inside: no
   * network, no timer. On SQLite there is one writer at a time, and statements from elsewhere wait until it ends.
   */
  tx<T>(work: (t: Queries) => Promise<T>): Promise<T>;
  /** Tells the listeners of every process; inside a transaction once it has committed, never if it is rolled back. At most 7 kB. */
  notify(channel: string, payload: string): Promise<void>;
}

/** A named lock that this process holds. */
export interface Lock {
  /** Aborted when the session it stands on is lost. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** One database, over a file or a server. */
export interface Database extends Queries {
  /** `missed`: the connection was gone for a while, and notices with it; look again at what they are about. Neither may throw. The result ends it. */
  listen(
    channel: string,
    hear: (payload: string) => void,
    missed?: () => void,
  ): Promise<() => Promise<void>>;
  /** Takes a named lock without waiting; null: somebody has it. Free the moment its holder's session ends, kill -9 included. */
  lock(name: string): Promise<Lock | null>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}
