import type { Row } from "../database.ts";

/** A server as its client library shows it, errors raw: what `createPostgres` stands on. */
export interface PostgresServer {
  /** A connection of the pool, for one statement or one transaction. */
  connect(): Promise<PooledConnection>;
  /** A connection apart from the pool, to listen and to hold locks on. */
  openSession(events: SessionEvents): Promise<SessionConnection>;
  close(): Promise<void>;
}

export interface Connection {
  /** Several statements at once only without parameters; their rows come in one list. */
  query(sql: string, params?: readonly unknown[]): Promise<readonly Row[]>;
}

export interface PooledConnection extends Connection {
  /** Broken ones are not used again. */
  release(broken: boolean): void;
}

export interface SessionConnection extends Connection {
  end(): Promise<void>;
}

export interface SessionEvents {
  readonly onNotice: (channel: string, payload: string) => void;
  /** The connection is gone; called once, also after `end`. */
  readonly onLost: (error: unknown) => void;
}
