import { expect, test } from "vitest";
import { BackendError } from "../src/backends/backend.ts";
import { overloaded, setUp } from "./backends/resilience/set-up.ts";
import { done, text } from "./backends/scripted-backend.ts";
import { labelOf, setTable, started, usage } from "./coordination/table.ts";
import { move, seat } from "./moves/table.ts";
import type { Asked, Reply } from "./support/model-script.ts";
import { replyTo } from "./support/model-script.ts";
import { openRoom, teamOf } from "./support/parley-room.ts";

/** The defects of MassGen that Parley must not have, by their numbers in the study of it: each test says what is right. */

const ROOT = "The code word is heron. Why?";
const MODEL = 'type: compatible, base_url: "http://127.0.0.1:9/v1"';
const TRIO = ["ann", "berta", "cornelia"];

/** In a review: a new answer, whatever was said. */
const improve =
  (content: (asked: Asked) => string) =>
  (asked: Asked): Reply => {
    const vote = replyTo({ ...asked, mayRevise: false });
    if (asked.kind !== "review" || !("values" in vote)) return replyTo(asked);
    if (!asked.mayRevise) return vote;
    return { call: "new_answer", values: { ...vote.values, content: content(asked) } };
  };

test("1: an answer that repeats another one is no new answer, and nobody starts over for it", async () => {
  const room = await openRoom(teamOf(TRIO));
  room.models.script(
    "ann",
    improve(({ shown }) => `  ${shown[0]?.text.toUpperCase()}\n`),
  );
  await room.say(ROOT);
  await room.quiet();
  expect(room.of("answer_repeated")).toHaveLength(1);
  expect(room.of("revision_offered")).toEqual([]);
  expect(room.models.asked).toHaveLength(6);
});

test("2: an agent that fails is not asked again in that turn; in the next one it is", async () => {
  const room = await openRoom(teamOf(TRIO));
  room.models.script("ann", () => new BackendError("auth", "invalid key"));
  await room.say(ROOT);
  await room.quiet();
  expect(room.models.asked.filter(({ model }) => model === "ann")).toHaveLength(1);
  room.models.script("ann", replyTo);
  await room.say("And then?");
  await room.quiet();
  expect(room.of("answer_given").filter(({ agent }) => agent === "ann")).toHaveLength(1);
});

test("3: a passing failure of a model is tried again after a pause, and its agent goes on", async () => {
  const { clock, backend } = setUp([[overloaded], [text("Seven."), done]]);
  const { moves, hooks, retries } = seat(backend, { clock });
  const result = moves.start(move("answer"), hooks);
  await clock.advance(1_000);
  expect(await result).toMatchObject({ kind: "answered", text: "Seven." });
  expect(retries).toMatchObject([{ failure: "overloaded", delayMs: 500 }]);
});

test("4: agents that only ever write text are asked once more to vote, then abstain, and the turn ends", async () => {
  const room = await openRoom(teamOf(TRIO));
  for (const model of TRIO)
    room.models.script(model, () => ({ text: `I am ${model}, and I say so.` }));
  await room.say(ROOT);
  await room.quiet();
  expect(room.of("abstained")).toHaveLength(3);
  expect(room.models.asked).toHaveLength(3 + 3 * 2);
  expect(room.posted("final")).toHaveLength(1);
  expect(room.notes()).toEqual(["Not elected: nobody scored an answer; the oldest one is shown."]);
});

test("5: an agent that only calls tools that nobody gave it is asked once more, then abstains", async () => {
  const room = await openRoom(teamOf(TRIO));
  room.models.script("ann", (asked) =>
    asked.kind === "review" ? { call: "search", values: { query: "why" } } : replyTo(asked),
  );
  await room.say(ROOT);
  await room.quiet();
  expect(room.of("abstained")).toMatchObject([{ agent: "ann" }]);
  expect(room.models.asked.filter(({ model }) => model === "ann")).toHaveLength(3);
});

test("6: agents that would improve for ever are held to their revisions, rounds and moves", async () => {
  const room = await openRoom(teamOf(TRIO));
  for (const model of TRIO) {
    room.models.script(
      model,
      improve(({ shown }) => `${model} ${shown.length} ${"better ".repeat(shown.length)}`),
    );
  }
  await room.say(ROOT);
  await room.quiet();
  expect(room.of("revision_offered").length).toBeLessThanOrEqual(3);
  expect(room.of("move_started").length).toBeLessThanOrEqual(3 * (1 + 3) + 1);
  expect(room.posted("final")).toHaveLength(1);
});

test("7: a follow-up begins anew: no answer, vote or failure of the turn before counts in it", async () => {
  const room = await openRoom(teamOf(TRIO));
  room.models.script("ann", () => new BackendError("overloaded", "busy"));
  await room.say(ROOT);
  await room.quiet();
  room.models.script("ann", replyTo);
  await room.say("And then?");
  await room.quiet();
  const second = room.models.asked.filter(({ said }) => said.length === 2);
  expect(second.filter(({ kind }) => kind === "answer").map(({ shown }) => shown)).toEqual([
    [],
    [],
    [],
  ]);
  for (const { shown } of second.filter(({ kind }) => kind === "review")) {
    expect(shown.every(({ text }) => text.includes("And then?"))).toBe(true);
  }
});

test("8: a message during a turn is kept and answered, by the whole team, not by a canned line", async () => {
  const room = await openRoom(teamOf(TRIO));
  const release = room.models.hold(({ said }) => said.length === 1);
  await room.say(ROOT);
  await room.until(() => expect(room.models.asked).toHaveLength(3));
  await room.say("And then?");
  release();
  await room.quiet();
  expect(room.posted("note")).toEqual([]);
  expect(room.posted("final")[1]).toMatch(/^heron, answer 2: .*“And then\?”/);
  expect(room.of("vote_cast")).toHaveLength(6);
});

test("9: a vote counts for the revision that was read, not for the one that took its place", async () => {
  const t = await setTable(started(3));
  for (const agent of ["ada", "ben", "cleo"]) await t.answer(agent);
  await t.vote("ben", { ada: 10, ben: 1, cleo: 1 });
  await t.answer("ada", "something else, and worse", { ben: 5, cleo: 5 });
  await t.vote("cleo", { ada: 10, ben: 1, cleo: 1 });
  await t.vote("ben", { ada: 1, ben: 9, cleo: 2 });
  await t.vote("cleo", { ada: 1, ben: 9, cleo: 2 });
  const { presented, ballots } = await t.turn.done;
  expect(presented).toBe("answer of ben");
  expect(ballots.flatMap(({ scores }) => Object.keys(scores))).toContain("ada.1");
});

test("13: a prompt that is too long loses old history, never the question or the thread's first message", async () => {
  const room = await openRoom(teamOf(["ann"]));
  await room.say(ROOT);
  for (const number of Array.from({ length: 30 }, (_, index) => index + 1)) {
    await room.say(`Remark ${number}: ${"la ".repeat(2000)}`, { addressed: "none" });
  }
  await room.quiet();
  let refused = false;
  room.models.script("ann", (asked) => {
    if (refused) return replyTo(asked);
    refused = true;
    return new BackendError("context", "the prompt is too long");
  });
  await room.say("And what was the code word?");
  await room.quiet();
  const [, long, short] = room.models.asked;
  const sizeOf = (asked: Asked | undefined) => asked?.said.join("").length ?? 0;
  expect(sizeOf(short)).toBeLessThan(sizeOf(long) / 2);
  expect(short?.said[0]).toBe(`Ada: ${ROOT}`);
  expect(short?.said.at(-1)).toBe("Ada: And what was the code word?");
  expect(room.posted("final")[1]).toMatch(/^heron/);
});

test("16: Markdown, backslashes and signs are posted as written, and come back so in the history", async () => {
  const markdown =
    "**Bold**, `C:\\new\\table`, \\(x^2\\) and ✅ stay.\n\n```sh\ngrep '\\*\\*' *.md\n```";
  const room = await openRoom(teamOf(["ann"]));
  room.models.script("ann", () => ({ text: markdown }));
  await room.say(ROOT);
  await room.say(`Is this it? ${markdown}`);
  await room.quiet();
  expect(room.posted("final")).toEqual([markdown, markdown]);
  expect(room.models.asked[1]?.finals).toEqual([markdown]);
  expect(room.models.asked[1]?.said.at(-1)).toBe(`Ada: Is this it? ${markdown}`);
});

test("17: every agent is told its own instructions, in every move, and no other's", async () => {
  const seats = ["terse", "thorough"].map(
    (style) =>
      `  - { id: ${style}, instructions: Be ${style}., backend: { ${MODEL}, model: ${style} } }`,
  );
  const room = await openRoom(["agents:", ...seats].join("\n"));
  await room.say(ROOT);
  await room.quiet();
  for (const { model, system } of room.models.asked) {
    expect(/Be (\w+)\./.exec(system)?.[1]).toBe(model);
    expect(system.match(/Be \w+\./g)).toHaveLength(1);
  }
  expect(room.models.asked).toHaveLength(4);
});

test("17: a reviewer is shown the answers that exist, under labels that stay with their agents", async () => {
  const t = await setTable(started(3, { limits: { gather: 5 } }));
  await t.answer("ada");
  await t.answer("ben");
  await t.clock.advance(6_000);
  const labels = { ada: labelOf(t.state(), "ada"), ben: labelOf(t.state(), "ben") };
  expect(
    t
      .of("ada")
      .move.shown.map(({ label }) => label)
      .toSorted(),
  ).toEqual(Object.values(labels).toSorted());
  await t.vote("ada", { ada: 5, ben: 5 });
  await t.answer("ben", "better", { ada: 4 });
  await t.end("cleo", { kind: "answered", text: "late", scores: [], reason: "", usage });
  const again = t.of("ada").move.shown;
  expect(again.find(({ revision }) => revision === "ben.2")?.label).toBe(labels.ben);
});
