import type { Row } from "../database.ts";

/** The client library's view of a server, with raw errors. `createPostgres` uses it. */
export interface PostgresServer {
  /** A pooled connection, for one statement or one transaction. */
  connect(): Promise<PooledConnection>;
  /** A connection outside the pool, for listening and for locks. */
  openSession(events: SessionEvents): Promise<SessionConnection>;
  close(): Promise<void>;
}

export interface Connection {
  /** Accepts several statements only without parameters; returns their rows in one list. */
  query(sql: string, params?: readonly unknown[]): Promise<readonly Row[]>;
}

export interface PooledConnection extends Connection {
  /** Broken connections are not reused. */
  release(broken: boolean): void;
}

export interface SessionConnection extends Connection {
  end(): Promise<void>;
}

export interface SessionEvents {
  readonly onNotice: (channel: string, payload: string) => void;
  /** Called once when the connection is gone, also after `end`. */
  readonly onLost: (error: unknown) => void;
}
