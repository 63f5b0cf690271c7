import { createCatalogue } from "../../src/backends/catalogue.ts";
import { systemClock } from "../../src/clock.ts";
import { createParley } from "../../src/parley/parley.ts";
import type { ParleyListener } from "../../src/parley/parley-listener.ts";
import { openStore } from "../../src/store/store.ts";
import { shippedConfigs } from "../../src/teams/files/load-team-files.ts";
import { createTeamBook } from "../../src/teams/team-book.ts";

export const QUESTION = "Train or bus from Bern to Milan?";

/** Parley with the demo team, and without a disk. `adapter`: what its adapter wants to hear. */
export async function openDemo(
  adapter: () => Partial<Pick<ParleyListener, "turnEvent" | "turnDone">>,
) {
  const clock = systemClock;
  const store = await openStore({ dir: ":memory:", pid: 1, now: Date.now });
  const book = await createTeamBook({ dirs: [shippedConfigs()], env: {}, clock, watch: null });
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const parley = createParley({
    store,
    book,
    catalogue: createCatalogue(),
    env: {},
    clock,
    wallClock: Date.now,
    team: "demo",
    version: "",
    listener: {
      turnEvent: (...told) => adapter().turnEvent?.(...told),
      turnDone(...told) {
        adapter().turnDone?.(...told);
        resolve();
      },
      problem: (problem) => console.error(problem),
    },
  });
  return { parley, store, done };
}
