import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { FOR_MANY, goAndInstall } from "../adapters/slack/go-and-install.ts";
import { kindOf } from "../adapters/slack/parley-in-slack.ts";
import { useSlack } from "../servers/slack/use-slack.ts";
import { freePort } from "../support/free-port.ts";
import { PATIENCE } from "../support/patience.ts";
import { createPostgresDatabase } from "../support/postgres.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { startParley } from "./parley-process.ts";
import { shufflingProxy } from "./shuffling-proxy.ts";

const server = await createPostgresDatabase();

const TEAM = `
settle: 0
agents:
  - { id: ada, backend: { type: simulated, model: simulated, style: careful, options: { pace: 0.05 } } }
  - { id: ben, backend: { type: simulated, model: simulated, style: brief, options: { pace: 0.05 } } }
`;
const WORKSPACES = ["T1", "T2", "T3"];
const THREADS = 2;
const ROUNDS = 4;

/** The same numbers in each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Three processes on one database behind a proxy that delays, reorders and doubles, and a Slack of three workspaces that install them. */
async function openFleet(url: string) {
  const slack = await useSlack({
    isInstalled: false,
    tiers: "off",
    retryDelaysMs: [500, 2_000, 4_000],
  });
  const folder = await temporaryFolder();
  await mkdir(join(folder, "teams"));
  await writeFile(join(folder, "teams", "default.yaml"), TEAM);
  const ports = [await freePort(), await freePort(), await freePort()];
  const random = seeded(7);
  const proxy = await shufflingProxy({ ports: () => ports, random, delayMs: 250 });
  const start = async (n: number) => {
    const parley = startParley({
      args: ["start"],
      env: {
        ...slack.env("http"),
        ...FOR_MANY,
        SLACK_PUBLIC_URL: proxy,
        SLACK_FRESH_MINUTES: "0",
        DATABASE_URL: url,
        PARLEY_PROCESSES: "3",
        PARLEY_DATA: join(folder, `data-${n}`),
        PARLEY_CONFIGS: join(folder, "teams"),
        PORT: String(ports[n]),
      },
    });
    await vi.waitFor(() => {
      if (!parley.errors().includes('"serving"')) throw new Error(parley.errors().slice(-2_000));
    }, PATIENCE);
    return parley;
  };
  const processes = await Promise.all(ports.map((_, n) => start(n)));
  await slack.subscribe(`${proxy}/slack/events`);
  const rooms = WORKSPACES.map((id) =>
    id === "T1" ? slack.workspace : slack.addWorkspace(id, { isInstalled: false }),
  );
  for (const [n, room] of rooms.entries()) {
    expect((await goAndInstall(proxy, WORKSPACES[n])).status).toBe(200);
    room.addChannel(`C5${n}`);
  }
  const replace = async (n: number, signal: "SIGTERM" | "SIGKILL") => {
    processes[n]?.kill(signal);
    await processes[n]?.exited;
    processes[n] = await start(n);
  };
  return { slack, rooms, replace };
}

type Fleet = Awaited<ReturnType<typeof openFleet>>;

/** A thread of one workspace, with the sums that were asked in it so far. */
interface Talk {
  readonly workspace: number;
  readonly ts: string;
  readonly sums: number[];
}

/** Each sum is asked once in all the fleet, so that an answer in the wrong place shows. */
function talks({ rooms }: Fleet) {
  let asked = 100;
  const question = (workspace: number) => {
    asked += 1;
    return { sum: asked + 1, text: `<@${rooms[workspace]?.bot()}> What is ${asked} + 1?` };
  };
  const personOf = (workspace: number) => {
    const room = rooms[workspace];
    if (!room) throw new Error("There is no such workspace.");
    return room.user("U1");
  };
  const begin = (workspace: number): Talk => {
    const { sum, text } = question(workspace);
    const { ts } = personOf(workspace).says(`C5${workspace}`, text);
    return { workspace, ts, sums: [sum] };
  };
  const goOn = ({ workspace, ts, sums }: Talk): void => {
    const { sum, text } = question(workspace);
    sums.push(sum);
    personOf(workspace).says(`C5${workspace}`, text, { thread: ts });
  };
  return { begin, goOn };
}

const messagesOf = ({ rooms }: Fleet, { workspace, ts }: Talk) =>
  rooms[workspace]?.thread(`C5${workspace}`, ts) ?? [];

const finalsOf = (fleet: Fleet, talk: Talk): readonly string[] =>
  messagesOf(fleet, talk)
    .filter((message) => kindOf(message) === "final")
    .map(({ text }) => text);

/** The sum that an answer gives. */
const sumIn = (text: string): number => Number(/= ?\**(\d+)/.exec(text)?.[1]);

const Count = z.object({ n: z.coerce.number() });

async function ask(url: string, sql: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return Count.parse((await client.query(sql)).rows[0]).n;
  } finally {
    await client.end();
  }
}

/** Every call that names a channel was made with the token of the workspace that the channel is in. */
function expectNoLeaks({ slack }: Fleet): void {
  const named = slack.allCalls.filter(({ args }) => /^C5\d$/.test(String(args["channel"])));
  const wrong = named.filter(
    ({ workspace, args }) => workspace !== WORKSPACES[Number(String(args["channel"]).slice(2))],
  );
  expect(wrong).toEqual([]);
  const counted = WORKSPACES.map((id) => named.filter(({ workspace }) => workspace === id).length);
  expect(Math.min(...counted)).toBeGreaterThan(THREADS * ROUNDS);
}

test.skipIf(server === null)(
  "three workspaces on three processes: duplicates, delays, a rolling restart and a kill lose, double, mix up and leak nothing",
  async () => {
    if (!server) return;
    const fleet = await openFleet(server.url);
    const { begin, goOn } = talks(fleet);
    const all = WORKSPACES.flatMap((_, workspace) =>
      Array.from({ length: THREADS }, () => begin(workspace)),
    );
    await fleet.slack.settled();
    const trouble = [
      () => fleet.replace(0, "SIGTERM"),
      () => fleet.replace(1, "SIGKILL"),
      () => fleet.replace(2, "SIGTERM"),
    ];
    for (let round = 1; round < ROUNDS; round += 1) {
      const restarted = trouble[round - 1]?.();
      for (const talk of all) goOn(talk);
      await fleet.slack.settled();
      await restarted;
    }
    await vi.waitFor(() => {
      const answered = all.map((talk) => finalsOf(fleet, talk).length);
      expect(answered).toEqual(all.map(({ sums }) => sums.length));
    }, PATIENCE);
    await fleet.slack.settled();
    // One answer a question, in the order of the questions, in the thread that asked.
    for (const talk of all) expect(finalsOf(fleet, talk).map(sumIn)).toEqual(talk.sums);
    expectNoLeaks(fleet);
    expect(fleet.slack.rejected).toEqual([]);
    // Nothing runs, nothing is kept back, and the books agree.
    const questions = all.reduce((sum, { sums }) => sum + sums.length, 0);
    const { url } = server;
    await vi.waitFor(async () => {
      expect(await ask(url, "SELECT COUNT(*) AS n FROM turns WHERE state <> 'done'")).toBe(0);
    }, PATIENCE);
    expect(await ask(url, "SELECT COUNT(*) AS n FROM turns WHERE outcome = 'completed'")).toBe(
      questions,
    );
    expect(await ask(url, "SELECT COUNT(*) AS n FROM reservations")).toBe(0);
    const used = await ask(url, "SELECT SUM(input + output) AS n FROM usage");
    expect(await ask(url, "SELECT SUM(tokens) AS n FROM meters WHERE owner = 'all'")).toBe(used);
  },
);
