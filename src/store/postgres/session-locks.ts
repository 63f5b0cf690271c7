import { createHash } from "node:crypto";
import type { Lock } from "../database.ts";
import type { SessionConnection } from "./postgres-server.ts";

/** Advisory locks. They belong to the session, which may take one twice, so this tracks the holders within the process. */
export function createSessionLocks() {
  const taken = new Map<string, AbortController>();
  const drop = (name: string, lost: AbortController) => {
    if (taken.get(name) === lost) taken.delete(name);
  };

  return {
    /** Null if the lock is taken. Rejects with the server's or the network's error. */
    async take(name: string, connection: () => Promise<SessionConnection>): Promise<Lock | null> {
      if (taken.has(name)) return null;
      const lost = new AbortController();
      taken.set(name, lost);
      try {
        const own = await connection();
        const isOurs = await tryLock(own, name);
        lost.signal.throwIfAborted();
        if (!isOurs) drop(name, lost);
        return isOurs
          ? lockOn(own, name, { lost: lost.signal, drop: () => drop(name, lost) })
          : null;
      } catch (error) {
        drop(name, lost);
        throw error;
      }
    },

    /** Call when the session is lost: its locks are released. */
    loseAll(reason: unknown): void {
      const all = [...taken.values()];
      taken.clear();
      for (const lost of all) lost.abort(reason);
    },
  };
}

function lockOn(
  connection: SessionConnection,
  name: string,
  { lost, drop }: { readonly lost: AbortSignal; readonly drop: () => void },
): Lock {
  let isHeld = true;
  return {
    lost,
    async release() {
      if (!isHeld || lost.aborted) return;
      isHeld = false;
      // If the connection is lost meanwhile, the server has released the lock already.
      await connection.query("SELECT pg_advisory_unlock($1)", [keyOf(name)]).catch(() => {});
      drop();
    },
  };
}

async function tryLock(connection: SessionConnection, name: string): Promise<boolean> {
  const sql = "SELECT pg_try_advisory_lock($1) AS taken";
  const [row] = await connection.query(sql, [keyOf(name)]);
  return row?.["taken"] === true;
}

const keyOf = (name: string): string =>
  createHash("sha256").update(`parley ${name}`).digest().readBigInt64BE().toString();
