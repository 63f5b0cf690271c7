import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createCatalogue } from "../../src/backends/catalogue.ts";
import { createParley } from "../../src/parley.ts";
import type { Database } from "../../src/store/database.ts";
import { openSqlite } from "../../src/store/sqlite/open-sqlite.ts";
import { createStore } from "../../src/store/store.ts";
import { createTeamBook } from "../../src/teams/team-book.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import {
  createLife,
  type Life,
  mortalBackends,
  mortalDatabase,
  mortalPlatform,
} from "../support/mortal.ts";
import { teamOf } from "../support/parley-room.ts";
import { createScriptedModels } from "../support/scripted-models.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { CONVERSATION, createThreadPlatform } from "../support/thread-platform.ts";

const QUESTIONS = ["The code word is heron. Why?", "And then?"];
const IMMORTAL: Life = {
  effect: (work) => work(),
  isOver: () => false,
  over: new Promise(() => {}),
};

/** A thread, its models and its database, which outlive the processes. */
async function openWorld() {
  const dir = await temporaryFolder();
  await writeFile(join(dir, "default.yaml"), teamOf(["ann", "berta"]));
  const clock = createFakeClock();
  const now = () => clock.now();
  const db = openSqlite(":memory:");
  onTestFinished(() => db.close());
  const thread = createThreadPlatform();
  const models = createScriptedModels();
  const problems: string[] = [];
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
      version: "Parley test",
      listener: {
        turnEvent: () => {},
        turnDone: () => {},
        problem: (problem) => void problems.push(String(problem)),
      },
    });
    await parley.serve([mortalPlatform(thread.platform, life)]);
    return parley;
  };
  return { clock, db, thread, models, problems, start, store: await createStore(db, now) };
}

type World = Awaited<ReturnType<typeof openWorld>>;

/** "heron ann answer": the moves that have ended, by the journals. */
async function endedMoves({ store }: World): Promise<readonly string[]> {
  const messages = await store.messages.list(CONVERSATION);
  const ended = (await store.turns.recent(CONVERSATION, 10)).map(async ({ id, request }) => {
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

/** Lets time pass until so many turns have ended, or the process has. */
async function goOn({ clock, store }: World, life: Life, turns: number): Promise<void> {
  for (let second = 0; second < 120 && !life.isOver(); second++) {
    const done = (await store.turns.recent(CONVERSATION, 10)).filter(
      ({ state }) => state === "done",
    );
    if (done.length === turns) return;
    await clock.advance(1_000);
  }
}

/** A process dies; the next one finds what it left. Resolves with whether it came to that. */
async function dieAndGoOn(at: number, when: "before" | "after"): Promise<boolean> {
  const world = await openWorld();
  const { thread, store } = world;
  const life = createLife(at, when);
  const started = await Promise.race([world.start(life), life.over]);
  const asked = QUESTIONS.map((text) => thread.write(text));
  if (started) for (const message of asked) void thread.redeliver(message);
  await goOn(world, life, QUESTIONS.length);
  const ended = await endedMoves(world);
  const next = await world.start(IMMORTAL);
  // What was not taken, the platform delivers again; and what was, it may.
  for (const message of asked) await thread.redeliver(message);
  await goOn(world, IMMORTAL, QUESTIONS.length);
  const story = `dies ${when} effect ${at}`;
  const finals = thread.posted("final").map((text) => /“(.*?)”/.exec(text)?.[1]);
  expect(finals, story).toEqual(QUESTIONS);
  expect(
    thread.statuses().map(({ phase }) => phase),
    story,
  ).toEqual(["answered", "answered"]);
  const moves = askedMoves(world);
  const again = moves.filter((move, n) => moves.indexOf(move) < n);
  expect(
    again.filter((move) => ended.includes(move)),
    story,
  ).toEqual([]);
  expect(again.length, story).toBeLessThanOrEqual(2);
  expect((await store.turns.recent(CONVERSATION, 10)).length, story).toBe(QUESTIONS.length);
  await next.stop(0);
  return life.isOver();
}

test.each(["before", "after"] as const)(
  "a process that dies %s any of its effects leaves one status and one answer each, in order, and no finished move is asked again",
  async (when) => {
    const state = { at: 0, isTried: true };
    while (state.isTried) state.isTried = await dieAndGoOn(++state.at, when);
    expect(state.at).toBeGreaterThan(60);
  },
  60_000,
);
