import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { createSlack as createAdapter } from "../../../adapters/slack/index.ts";
import { markOf } from "../../../adapters/slack/post/own-messages.ts";
import { createCatalogue } from "../../../src/backends/catalogue.ts";
import type { Clock } from "../../../src/clock.ts";
import { createParley, type Parley, type ParleyOptions } from "../../../src/parley/parley.ts";
import type { ParleyListener } from "../../../src/parley/parley-listener.ts";
import { createKeyValues } from "../../../src/store/keyv/key-values.ts";
import { createKeyvTable } from "../../../src/store/keyv/keyv-table.ts";
import { openStore, type Store } from "../../../src/store/store.ts";
import { createTeamBook } from "../../../src/teams/team-book.ts";
import { createSlack } from "../../servers/slack/slack.ts";
import type { SlackOptions } from "../../servers/slack/options.ts";
import { createFastClock } from "../../support/fast-clock.ts";
import { serveRoute } from "../../support/serve-route.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { PATIENCE } from "../../support/patience.ts";

const team = (pace: number, settle: number) => `
name: Test
settle: ${settle}
agents:
  - { id: ada, name: Ada, backend: { type: simulated, model: simulated, style: careful, options: { pace: ${pace} } } }
  - { id: ben, name: Ben, backend: { type: simulated, model: simulated, style: brief, options: { pace: ${pace} } } }
`;

const soloTeam = (pace: number) => `
name: Test
settle: 0
agents:
  - { id: ada, name: Ada, backend: { type: simulated, model: simulated, style: careful, options: { pace: ${pace} } } }
`;

export interface World extends SlackOptions {
  readonly mode?: "socket" | "http";
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** One agent answers alone. */
  readonly isSolo?: boolean;
  /** How slow the models are; 0: they answer at once. */
  readonly pace?: number;
  /** How long a question waits for more of it, seconds. Default: not at all. */
  readonly settle?: number;
  /** How many times as fast as the machine's clock time runs, for Slack, the adapter and Parley alike. */
  readonly times?: number;
  /** Of Parley's HTTP server; else a free one. */
  readonly port?: number;
}

/** Parley on the team files of a folder, without platforms. */
export async function openParley(
  on: {
    readonly dir: string;
    readonly store: Store;
    readonly clock: Clock;
    readonly env?: ParleyOptions["env"];
  },
  listener: ParleyListener,
): Promise<Parley> {
  return createParley({
    env: {},
    ...on,
    book: await createTeamBook({ dirs: [on.dir], env: {}, clock: on.clock, watch: null }),
    catalogue: createCatalogue(),
    wallClock: Date.now,
    version: "Parley test",
    listener,
  });
}

export const openMemory = (): Promise<Store> =>
  openStore({ dir: ":memory:", pid: 1, now: Date.now });

/** What adapters keep for the next process, in the store's own database. */
export const keptIn = ({ db }: Pick<Store, "db">) =>
  createKeyValues(createKeyvTable(db), "The database", () => {}).of;

/** A Slack on this machine; Parley joins it, leaves it, and comes back. */
export async function parleyInSlack({
  mode = "socket",
  env = {},
  pace = 0,
  settle = 0,
  times = 20,
  port = 0,
  isSolo = false,
  ...options
}: World = {}) {
  const clock = createFastClock(times);
  const slack = await createSlack({ clock, ...options });
  onTestFinished(() => slack.stop());
  const dir = await temporaryFolder();
  await writeFile(join(dir, "default.yaml"), isSolo ? soloTeam(pace) : team(pace, settle));
  const problems: string[] = [];
  const exits: number[] = [];

  const join_ = async (given?: Store) => {
    const store = given ?? (await openMemory());
    const note = (problem: unknown) => void problems.push(String(problem));
    const parley = await openParley(
      { dir, store, clock, env },
      {
        turnEvent: (...told) => adapter.turnEvent(...told),
        turnDone: (conversation) => adapter.turnDone(conversation),
        problem: note,
      },
    );
    const adapter = await createAdapter({
      env: { ...slack.env(mode), SLACK_FRESH_MINUTES: "0", ...env },
      state: parley.state.of("slack"),
      commands: parley.ports,
      installs: parley.installs.of("slack"),
      kept: keptIn(store),
      exit: (code) => void exits.push(code),
      onProblem: note,
      clock,
      lock: (name) => store.db.lock(name),
      ...(options.wallClock && { wallClock: options.wallClock }),
    });
    let isGone = false;
    const leave = async () => {
      if (isGone) return;
      isGone = true;
      await parley.stop(0);
      await adapter.restore();
    };
    onTestFinished(leave);
    await parley.serve([adapter.platform]);
    const url = adapter.http && (await serveRoute(adapter.http, port));
    const events = `${url}/slack/events`;
    if (mode === "http") await slack.subscribe(events);
    return { adapter, parley, store, leave, events };
  };

  const { workspace } = slack;
  return {
    slack,
    workspace,
    ada: workspace.user("U1"),
    at: `<@${workspace.bot()}>`,
    problems,
    exits,
    clock,
    join: join_,
    /** The thread's final answers. */
    answers: (message: Spot) => answersIn(workspace.thread(message.channel, message.ts)),
    /** Resolves when so many final answers stand in the thread. */
    answered: (message: Spot, count = 1) =>
      vi.waitFor(() => {
        const found = answersIn(workspace.thread(message.channel, message.ts));
        if (found.length !== count) throw new Error(`${found.length} answers: ${problems.join()}`);
        return found;
      }, PATIENCE),
  };
}

interface Spot {
  readonly channel: string;
  readonly ts: string;
}

type Seen = ReturnType<Awaited<ReturnType<typeof createSlack>>["workspace"]["thread"]>;

/** What a message of Parley's is: "status", "final" or "note". */
export const kindOf = ({ metadata }: Pick<Seen[number], "metadata">): string | undefined =>
  markOf(metadata)?.kind;

const answersIn = (thread: Seen) => thread.filter((message) => kindOf(message) === "final");
