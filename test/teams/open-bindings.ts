import { join } from "node:path";
import { writeFile } from "node:fs/promises";
import type { Env } from "../../src/backends/keys.ts";
import { systemClock } from "../../src/clock.ts";
import type { Place } from "../../src/ids.ts";
import { createBindings } from "../../src/teams/bindings.ts";
import { shippedConfigs } from "../../src/teams/files/load-team-files.ts";
import { createTeamBook } from "../../src/teams/team-book.ts";
import { createTeamDirectory } from "../../src/tenants/visible-teams.ts";
import { createMemoryBindings } from "../support/memory-bindings.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { ALL_KEYS } from "./files/read.ts";

export const place: Place = { platform: "slack", space: "T1", channel: "C1", thread: "17.5" };

/** Bindings over the shipped teams, and `files` of the user's. */
export async function openBindings(
  options: { env?: Env; setting?: string; files?: Record<string, string> } = {},
) {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries(options.files ?? {})) {
    await writeFile(join(folder, name), text);
  }
  const dirs = [shippedConfigs(), folder];
  const { env = ALL_KEYS, setting } = options;
  const book = await createTeamBook({ dirs, env, clock: systemClock, watch: null });
  const store = createMemoryBindings();
  const teams = createTeamDirectory({ book, setting });
  const bindings = createBindings({ teams, store, setting, wallClock: () => 1_000 });
  const answering = async (at: Place = place) => {
    const { team, because } = await bindings.resolve(at);
    return `${team.name}: ${because}`;
  };
  const seats = async () => (await bindings.resolve(place)).team.agents.map(({ id }) => id);
  return { book, teams, store, bindings, answering, seats, folder };
}
