import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import type { Env } from "../../src/backends/keys.ts";
import type { InstalledLimit } from "../../src/budgets/survey.ts";
import { createCatalogue } from "../../src/backends/catalogue.ts";
import type { EventOf, TurnEvent } from "../../src/coordination/turn-event.ts";
import { pushedTeamsOf } from "../../src/parley/open-parley.ts";
import { createParley, type Parley } from "../../src/parley/parley.ts";
import type { TurnId } from "../../src/ids.ts";
import type { TurnStep } from "../../src/turns/turn-step.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { createPushedTeams } from "../../src/teams/pushed-teams.ts";
import type { InstallationAdmin } from "../../src/tenants/installation.ts";
import { createTeamBook } from "../../src/teams/team-book.ts";
import { createFakeClock, type FakeClock } from "./fake-clock.ts";
import { createScriptedModels, type ScriptedModels } from "./scripted-models.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { createThreadPlatform, type ThreadPlatform } from "./thread-platform.ts";
import { PATIENCE } from "./patience.ts";

/** A whole Parley in this process: the real store in memory, the real engine, a platform of one thread, scripted models. */
export interface ParleyRoom extends Omit<ThreadPlatform, "platform"> {
  readonly parley: Parley;
  readonly store: Store;
  readonly models: ScriptedModels;
  readonly clock: FakeClock;
  /** All turns' events, once durable. */
  readonly events: readonly TurnEvent[];
  of<T extends TurnEvent["type"]>(type: T): readonly EventOf<T>[];
  /** What happened to turns besides their events. */
  readonly steps: readonly { readonly turn: TurnId; readonly step: TurnStep }[];
  /** What Parley went on from, in words. */
  readonly problems: readonly string[];
  /** Waits until `check` no longer throws. */
  until(check: () => void | Promise<void>): Promise<void>;
  /** Waits until nothing runs or waits. */
  quiet(): Promise<void>;
  /** Writes a team file and has it read. */
  writeTeam(name: string, text: string): Promise<void>;
  /** Puts a team file into the database, as `teams push` does. */
  pushTeam(name: string, text: string): Promise<void>;
  /** The process leaves at once, and hands its turns over. */
  leave(): Promise<void>;
  /** Another one starts on the same store and thread. */
  start(): Promise<void>;
  /** From now on what people do reaches another process on the same store, which runs no turns. */
  reachAnother(): void;
}

/** Each message is a turn of its own, at once, unless a test says otherwise. */
export const unsettled = (team: string): string =>
  team.includes("settle:") || team.trim() === "" ? team : `${team.trimEnd()}\nsettle: 0\n`;

/** A team file of agents whose model has the agent's name; `settings` are further lines of it. */
export const teamOf = (agents: readonly string[], settings = ""): string =>
  [
    "agents:",
    ...agents.map(
      (id) =>
        `  - { id: ${id}, backend: { type: compatible, model: ${id}, base_url: "http://127.0.0.1:9/v1" } }`,
    ),
    settings,
  ].join("\n");

/** Where many workspaces share the installation, and who runs it. */
export interface RoomOptions {
  readonly isMany?: boolean;
  readonly admins?: readonly InstallationAdmin[];
  readonly limits?: readonly InstalledLimit[];
  readonly env?: Env;
  /** Models are reached over HTTP, as the team files say. */
  readonly isReal?: boolean;
  /** Turns that run at once. */
  readonly concurrency?: number;
  /** How old a missed or edited message may be, ms; absent: Parley does nothing about them. */
  readonly freshMs?: number;
}

export async function openRoom(
  team = teamOf(["ann", "berta"]),
  {
    isMany = false,
    admins = [],
    limits = [],
    env = {},
    isReal = false,
    concurrency,
    freshMs,
  }: RoomOptions = {},
): Promise<ParleyRoom> {
  const dir = await temporaryFolder();
  await writeFile(join(dir, "default.yaml"), unsettled(team));
  const clock = createFakeClock();
  const store = await openStore({ dir: ":memory:", pid: 1, now: () => clock.now() });
  const pushed = pushedTeamsOf(store);
  const book = await createTeamBook({ dirs: [dir], pushed, env, clock, watch: null });
  const thread = createThreadPlatform();
  const models = createScriptedModels();
  const events: TurnEvent[] = [];
  const problems: string[] = [];
  const steps: { turn: TurnId; step: TurnStep }[] = [];
  const create = () =>
    createParley({
      store,
      book,
      ...(isReal ? {} : { backends: models }),
      catalogue: createCatalogue(),
      env,
      admins,
      limits,
      ...(concurrency !== undefined && { concurrency }),
      clock,
      wallClock: () => clock.now(),
      version: "Parley test",
      listener: {
        turnStep: ({ id: turn }, step) => void steps.push({ turn, step }),
        turnEvent: (_, event) => void events.push(event),
        turnDone: () => {},
        problem: (problem) => void problems.push(String(problem)),
      },
    });
  const open = async () => {
    const parley = create();
    await parley.serve([
      { ...thread.platform, isMany: () => isMany, ...(freshMs !== undefined && { freshMs }) },
    ]);
    return parley;
  };
  let parley = await open();
  const leave = async () => {
    const stopped = parley.stop(0);
    await clock.advance(10_000);
    await stopped;
  };
  onTestFinished(async () => {
    models.openAll();
    await leave();
  });
  const until = (check: () => void | Promise<void>) => vi.waitFor(check, PATIENCE);
  return {
    ...thread,
    get parley() {
      return parley;
    },
    store,
    models,
    clock,
    events,
    of: <T extends TurnEvent["type"]>(type: T) =>
      events.filter((event): event is EventOf<T> => event.type === type),
    problems,
    steps,
    until,
    quiet: () =>
      until(async () => {
        const open_ = await store.turns.lanes();
        if (open_.length > 0)
          throw new Error(`A turn is still open: ${JSON.stringify(events.at(-1))}`);
      }),
    async writeTeam(name, text) {
      await writeFile(join(dir, `${name}.yaml`), unsettled(text));
      await book.reload();
    },
    async pushTeam(name, text) {
      await createPushedTeams(store.bindings, () => clock.now()).put(
        name,
        unsettled(text),
        "cli:ada",
      );
    },
    leave,
    async start() {
      parley = await open();
    },
    reachAnother: () => thread.reach(create().intake),
  };
}
