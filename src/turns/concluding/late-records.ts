import { fold } from "../../coordination/advance.ts";
import { parseConversationId, TurnId } from "../../ids.ts";
import { forPeople } from "../../progress/for-people.ts";
import { statusView } from "../../progress/status-view.ts";
import type { Clock } from "../../clock.ts";
import type { Store } from "../../store/store.ts";
import type { Turn } from "../../store/tables/turn.ts";
import type { PlatformRegistry, PlatformRegistryOptions } from "../platform-registry.ts";

/** Final status edits that a platform delays beyond the end of their turn. */
export interface LateRecords {
  /** Stores that the final status edit of a turn is pending, in case this process dies first. Resolves when that is stored. */
  add(turn: Turn, shown: Promise<void>): Promise<void>;
  /** Makes the edits that dead processes left pending, unless it has just looked for them. */
  takeOver(): void;
}

export interface LateRecordsOptions extends Pick<PlatformRegistryOptions, "listener"> {
  readonly store: Pick<Store, "adapterState" | "journal" | "turns">;
  readonly registry: Pick<PlatformRegistry, "of" | "platforms">;
  readonly clock: Clock;
}

/** Between two looks, ms. */
const LOOK_MS = 30_000;
/** A name in the adapter state that no platform has. */
const KEEPER = "turns";
const PREFIX = "record:";

export function createLateRecords(options: LateRecordsOptions): LateRecords {
  const { store, registry, clock, listener } = options;
  const onProblem = (problem: unknown) => listener.problem(problem, {});
  const kept = store.adapterState.of(KEEPER);
  const own = new Set<string>();
  let lookedAt = -Infinity;

  const finish = (key: string, shown: Promise<void>): void => {
    own.add(key);
    shown
      .then(() => kept.remove(key))
      .finally(() => own.delete(key))
      .catch(onProblem);
  };
  const look = async (): Promise<void> => {
    const names = registry.platforms().map(({ name }) => name);
    for (const key of await kept.keys(PREFIX)) {
      const turn = await store.turns.get(TurnId.parse(key.slice(PREFIX.length)));
      if (own.has(key) || !turn) continue;
      const { platform } = parseConversationId(turn.conversation);
      if (names.includes(platform)) finish(key, show(options, turn));
    }
  };
  return {
    async add({ id }, shown) {
      await kept.put(PREFIX + id, "{}");
      finish(PREFIX + id, shown);
    },
    takeOver() {
      if (clock.now() - lookedAt < LOOK_MS) return;
      lookedAt = clock.now();
      look().catch(onProblem);
    },
  };
}

/** Harmless if the other process is still alive: both make the same edit. */
async function show({ store, registry }: LateRecordsOptions, turn: Turn): Promise<void> {
  const events = await store.journal.readable(turn.id);
  if (events.length === 0) return;
  await registry
    .of(turn.conversation)
    .delivery.status(turn)
    .freeze(statusView(forPeople(fold(events), turn.conversation)));
}
