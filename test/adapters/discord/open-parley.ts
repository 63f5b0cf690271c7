import { createCatalogue } from "../../../src/backends/catalogue.ts";
import type { Clock } from "../../../src/clock.ts";
import { createParley, type Parley } from "../../../src/parley/parley.ts";
import { openStore, type Store } from "../../../src/store/store.ts";
import { createTeamBook } from "../../../src/teams/team-book.ts";

/** Parley on the team files of a folder, without platforms. */
export async function openParley(
  on: { readonly dir: string; readonly store: Store; readonly clock: Clock },
  problem: (problem: unknown) => void,
): Promise<Parley> {
  return createParley({
    ...on,
    book: await createTeamBook({ dirs: [on.dir], env: {}, clock: on.clock, watch: null }),
    catalogue: createCatalogue(),
    env: {},
    wallClock: Date.now,
    version: "Parley test",
    listener: { turnEvent() {}, turnDone() {}, problem },
  });
}

export const openMemory = (): Promise<Store> =>
  openStore({ dir: ":memory:", pid: 1, now: Date.now });
