import type { TurnId } from "../../../ids.ts";
import type { Turn } from "../../../store/tables/turn.ts";
import type { EngineOptions } from "../engine-options.ts";

/** How long a turn that this version cannot read is left to newer processes, ms: longer than they take to start. */
const PATIENCE_MS = 120_000;

interface Looks {
  readonly firstAt: number;
  lastAt: number;
  /** Last write to its journal. */
  readonly writtenAt: number | undefined;
}

/**
 * Decides whether no process can continue a turn: this process has fetched it again and again for two minutes, and nobody wrote to its
 * journal. Time in which no process ran does not count. The first fetch is reported.
 */
export function createPatience({
  store,
  clock,
  onProblem,
}: Pick<EngineOptions, "store" | "clock" | "onProblem">) {
  const looks = new Map<TurnId, Looks>();
  return async ({ id, conversation }: Turn, error: unknown): Promise<boolean> => {
    const writtenAt = await store.journal.writtenAt(id);
    const now = clock.now();
    // Another process runs those now.
    for (const [turn, { lastAt }] of looks) if (now - lastAt > PATIENCE_MS) looks.delete(turn);
    const known = looks.get(id);
    if (known?.writtenAt === writtenAt && known) {
      known.lastAt = now;
      return now - known.firstAt >= PATIENCE_MS;
    }
    looks.set(id, { firstAt: now, lastAt: now, writtenAt });
    onProblem(error, conversation);
    return false;
  };
}
