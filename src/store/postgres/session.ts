import type { Clock } from "../../clock.ts";
import type { Lock } from "../database.ts";
import { explainPostgres } from "./explain-postgres.ts";
import { createLastingConnection } from "./lasting-connection.ts";
import type { PostgresServer } from "./postgres-server.ts";
import { createSessionLocks } from "./session-locks.ts";
import { StoreError } from "../store-error.ts";

/** All our channels share this one of PostgreSQL's, so that one LISTEN serves them all. Its payload is `{channel} {payload}`. */
export const NOTICE_CHANNEL = "parley";

interface Listener {
  readonly hear: (payload: string) => void;
  readonly missed: (() => void) | undefined;
}

export interface SessionOptions {
  readonly where: string;
  readonly clock: Clock;
}

/** The process's session with the server. Receives notices and holds locks on a dedicated connection. */
export function createSession(server: PostgresServer, { where, clock }: SessionOptions) {
  const listeners = new Map<string, Set<Listener>>();
  const locks = createSessionLocks();
  const connection = createLastingConnection(server, {
    clock,
    prepare: (fresh) => fresh.query(`LISTEN ${NOTICE_CHANNEL}`),
    onNotice(channel, payload) {
      if (channel !== NOTICE_CHANNEL) return;
      const [name = ""] = payload.split(" ", 1);
      for (const { hear } of listeners.get(name) ?? []) hear(payload.slice(name.length + 1));
    },
    onLost: (error) => locks.loseAll(explainPostgres(error, where)),
    onBack() {
      for (const { missed } of [...listeners.values()].flatMap((all) => [...all])) missed?.();
    },
  });

  const explained = async <T>(asked: Promise<T>): Promise<T> => {
    try {
      return await asked;
    } catch (error) {
      throw explainPostgres(error, where);
    }
  };

  return {
    async listen(channel: string, hear: Listener["hear"], missed: Listener["missed"]) {
      await explained(connection.get());
      const listener = { hear, missed };
      const heard = listeners.get(channel) ?? new Set<Listener>();
      listeners.set(channel, heard.add(listener));
      return async () => void heard.delete(listener);
    },
    lock: (name: string): Promise<Lock | null> => explained(locks.take(name, connection.get)),
    async close(): Promise<void> {
      locks.loseAll(new StoreError("other", "The store is closed."));
      await connection.close();
    },
  };
}
