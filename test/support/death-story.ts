import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { createCatalogue } from "../../src/backends/catalogue.ts";
import type { Clock } from "../../src/clock.ts";
import { createParley } from "../../src/parley/parley.ts";
import type { Database } from "../../src/store/database.ts";
import { createStore } from "../../src/store/store.ts";
import { createTeamBook } from "../../src/teams/team-book.ts";
import type { CreateEngine } from "../../src/turns/engine/engine-options.ts";
import {
  createLife,
  type EffectKind,
  type Life,
  mortalBackends,
  mortalDatabase,
  mortalPlatform,
} from "./mortal.ts";
import { teamOf, unsettled } from "./parley-room.ts";
import { createScriptedModels } from "./scripted-models.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { CONVERSATION, createThreadPlatform, OTHER_THREAD } from "./thread-platform.ts";

const QUESTIONS = ["The code word is heron. Why?", "And then?"];
const IMMORTAL: Life = {
  effect: (_, work) => work(),
  isOver: () => false,
  over: new Promise(() => {}),
};

/** What outlives the processes, and the kind of engine that they have. */
export interface Ground {
  /** Empty. */
  readonly db: Database;
  readonly createEngine: CreateEngine;
  readonly clock: Clock;
  readonly now: () => number;
  /** Moves under way that may be asked again. */
  readonly mostAgain: number;
  /** Lets time pass until it is so. */
  readonly until: (check: () => Promise<boolean>) => Promise<void>;
}

/** When a process dies. */
export interface Death {
  readonly at: number;
  readonly when: "before" | "after";
  readonly kinds: readonly EffectKind[];
  /** The questions are asked in two threads, and a process has room for one: people see that the other one waits. */
  readonly isCrowded?: boolean;
}

/** A thread, its models and its database. */
async function openWorld(
  { db, createEngine, clock, now, until }: Ground,
  isCrowded: boolean,
  settings = "",
) {
  const dir = await temporaryFolder();
  await writeFile(join(dir, "default.yaml"), unsettled(teamOf(["ann", "berta"], settings)));
  const thread = createThreadPlatform();
  const models = createScriptedModels();
  const release = isCrowded ? models.hold(() => true) : () => {};
  const start = async (life: Life) => {
    const mortal: Database = mortalDatabase(db, life);
    const parley = createParley({
      store: await createStore(mortal, now),
      book: await createTeamBook({ dirs: [dir], env: {}, clock, watch: null }),
      backends: mortalBackends(models, life),
      catalogue: createCatalogue(),
      env: {},
      clock,
      wallClock: now,
      createEngine,
      ...(isCrowded && { concurrency: 1 }),
      version: "Parley test",
      listener: {
        turnEvent: () => void life.effect("step", async () => {}),
        turnDone: () => {},
        problem: () => {},
      },
    });
    await parley.serve([mortalPlatform(thread.platform, life)]);
    return parley;
  };
  const threads = isCrowded ? [CONVERSATION, OTHER_THREAD] : [CONVERSATION];
  const store = await createStore(db, now);
  const turns = async () =>
    (await Promise.all(threads.map((id) => store.turns.recent(id, 10)))).flat();
  return { until, thread, models, release, start, threads, turns, store };
}

type World = Awaited<ReturnType<typeof openWorld>>;

/** "heron ann answer": the moves that have ended, by the journals. */
async function endedMoves({ store, threads, turns }: World): Promise<readonly string[]> {
  const messages = (await Promise.all(threads.map((id) => store.messages.list(id)))).flat();
  const ended = (await turns()).map(async ({ id, request }) => {
    const question = messages.find((message) => message.id === request)?.text ?? "";
    return (await store.journal.read(id)).flatMap((event) => {
      if (event.type === "answer_given") return `${question} ${event.agent} answer`;
      return event.type === "vote_cast" ? `${question} ${event.agent} review` : [];
    });
  });
  return (await Promise.all(ended)).flat();
}

const askedMoves = ({ models }: World): readonly string[] =>
  models.asked.map(({ said, model, kind }) => {
    const question = QUESTIONS.find((text) => said.at(-1)?.endsWith(text)) ?? "";
    return `${question} ${model} ${kind}`;
  });

/** Lets time pass until all turns have ended, or the process has. */
function goOn({ until, thread, turns, release }: World, life: Life): Promise<void> {
  let looks = 0;
  return until(async () => {
    // A turn that lost its process before it had a status shows none while it waits for another one.
    if (thread.statuses().length > 1 || ++looks > 40) release();
    const done = (await turns()).filter(({ state }) => state === "done");
    return life.isOver() || done.length === QUESTIONS.length;
  });
}

/**
 * A process that is asked two things dies, and the next one finds what it left: one status and one answer each, in order, and no finished
 * move asked again. Resolves with whether it came to that death.
 */
export async function dieAndGoOn(
  ground: Ground,
  { at, when, kinds, isCrowded = false }: Death,
): Promise<boolean> {
  const world = await openWorld(ground, isCrowded);
  const { thread } = world;
  const life = createLife(at, when, kinds);
  const started = await Promise.race([world.start(life), life.over]);
  const asked = QUESTIONS.map((text, n) =>
    thread.write(text, { conversation: world.threads[n] ?? CONVERSATION }),
  );
  if (started) for (const message of asked) void thread.redeliver(message);
  await goOn(world, life);
  const ended = await endedMoves(world);
  const next = await world.start(IMMORTAL);
  // What was not taken, the platform delivers again; and what was, it may.
  for (const message of asked) await thread.redeliver(message);
  await goOn(world, IMMORTAL);
  const story = `dies ${when} effect ${at}`;
  const finals = thread.posted("final").map((text) => /“(.*?)”/.exec(text)?.[1]);
  // Threads have no order among themselves.
  expect(isCrowded ? new Set(finals) : finals, story).toEqual(
    isCrowded ? new Set(QUESTIONS) : QUESTIONS,
  );
  const phases = thread.statuses().map(({ phase }) => phase);
  expect(phases, story).toEqual(["answered", "answered"]);
  const moves = askedMoves(world);
  const again = moves.filter((move, n) => moves.indexOf(move) < n);
  const paidTwice = again.filter((move) => ended.includes(move));
  expect(paidTwice, story).toEqual([]);
  expect(again.length, story).toBeLessThanOrEqual(ground.mostAgain);
  expect((await world.turns()).length, story).toBe(QUESTIONS.length);
  await next.stop(0);
  return life.isOver();
}

/**
 * A process that is told a question in two messages dies, and the next one finds what it left: each message is answered once, together with the
 * other one or after it. Resolves with whether it came to that death.
 */
export async function dieWhileItSettles(ground: Ground, death: Death): Promise<boolean> {
  const world = await openWorld(ground, false, "settle: 1.5");
  const { thread, until } = world;
  const life = createLife(death.at, death.when, death.kinds);
  const isQuiet = async () => {
    const turns = await world.turns();
    return life.isOver() || (turns.length > 0 && turns.every(({ state }) => state === "done"));
  };
  const started = await Promise.race([world.start(life), life.over]);
  const asked = QUESTIONS.map((text) => thread.write(text));
  if (started) for (const message of asked) void thread.redeliver(message);
  await until(isQuiet);
  const next = await world.start(IMMORTAL);
  for (const message of asked) await thread.redeliver(message);
  await until(async () => (await world.turns()).every(({ state }) => state === "done"));
  const story = `dies ${death.when} effect ${death.at}`;
  const answered = thread.posted("final").join("\n");
  for (const text of QUESTIONS) expect(answered.split(text), story).toHaveLength(2);
  expect(new Set(thread.statuses().map(({ phase }) => phase)), story).toEqual(
    new Set(["answered"]),
  );
  await next.stop(0);
  return life.isOver();
}
