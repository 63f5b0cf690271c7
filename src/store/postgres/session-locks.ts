import { createHash } from "node:crypto";
import type { Lock } from "../database.ts";
import type { SessionConnection } from "./postgres-server.ts";

/** Advisory locks. They are the session's, and it may take one twice: who has which in this process is kept here. */
export function createSessionLocks() {
  const taken = new Map<string, AbortController>();
  const drop = (name: string, lost: AbortController) => {
    if (taken.get(name) === lost) taken.delete(name);
  };

  return {
    /** Null: somebody has it. Rejects with what the server or the way to it says. */
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

    /** The session is gone, and its locks with it. */
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
      // A connection that is lost meanwhile has let go of it already.
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
