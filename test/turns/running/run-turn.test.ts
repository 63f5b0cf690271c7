import { expect, test } from "vitest";
import { BackendError } from "../../../src/backends/backend.ts";
import { TurnId } from "../../../src/ids.ts";
import { PlatformError } from "../../../src/platform.ts";
import { openRoom, type ParleyRoom, teamOf } from "../../support/parley-room.ts";
import { ADA, CONVERSATION } from "../../support/thread-platform.ts";

const ROOT = "The code word is heron. Why?";

/** The turn of the first message. */
const turnOf = (room: ParleyRoom) => TurnId.parse(room.of("turn_started")[0]?.turn);

const kinds = (room: ParleyRoom) => room.models.asked.map(({ model, kind }) => `${model} ${kind}`);

const routed = (mode: string) => () => ({ text: `{"mode":"${mode}","reason":"a test says so"}` });

const AUTO =
  "mode: auto\nrouter: { type: compatible, model: router, base_url: 'http://127.0.0.1:9/v1' }";

test("under auto one call of the router decides, and its reason is journaled", async () => {
  const room = await openRoom(teamOf(["ann", "berta"], AUTO));
  room.models.script("router", routed("solo"));
  await room.say(ROOT);
  await room.quiet();
  expect(kinds(room)).toEqual(["router answer", "ann answer"]);
  const journal = await room.store.journal.read(turnOf(room));
  expect(journal[1]).toMatchObject({
    type: "turn_routed",
    mode: "solo",
    reason: "a test says so",
    usage: { input: 100 },
  });
});

test("a router that fails is a reason to ask the team", async () => {
  const room = await openRoom(teamOf(["ann", "berta"], AUTO));
  room.models.script("router", () => new BackendError("overloaded", "too many requests"));
  await room.say(ROOT);
  await room.quiet();
  expect(room.of("turn_routed")).toMatchObject([{ mode: "team" }]);
  expect(room.posted("final")).toHaveLength(1);
});

test("“!team” asks no router", async () => {
  const room = await openRoom(teamOf(["ann", "berta"], AUTO));
  await room.say("!team The code word is heron. Why?");
  await room.quiet();
  expect(kinds(room)).not.toContain("router answer");
  expect(room.of("vote_cast")).toHaveLength(2);
});

test("a steering message that no move has seen becomes the next turn", async () => {
  const settings = "during_turn: steer\nlimits: { rounds: 0 }";
  const room = await openRoom(teamOf(["ann", "berta"], settings));
  const release = room.models.hold(({ said }) => said.length === 1);
  await room.say(ROOT);
  await room.until(() => expect(room.models.asked).toHaveLength(2));
  const late = await room.say("And then?");
  release();
  await room.quiet();
  expect(room.of("turn_closed")[0]).toMatchObject({ unseen: [late.id] });
  expect(room.posted("final")).toEqual([
    expect.stringMatching(/^heron, answer 1: .*“The code word/),
    expect.stringMatching(/^heron, answer 2: .*“And then\?”/),
  ]);
  expect(room.notes()).toContain(
    "1 message came too late for this answer and will be answered next.",
  );
});

test("a stop is for the steering messages too: no turn follows, and the status says what was not answered", async () => {
  const room = await openRoom(teamOf(["ann", "berta"], "during_turn: steer"));
  const release = room.models.hold(({ said }) => said.length === 1);
  await room.say(ROOT);
  await room.until(() => expect(room.models.asked).toHaveLength(2));
  await room.say("And then?");
  await room.until(() => expect(room.of("message_steered")).toHaveLength(1));
  await room.command("stop");
  await room.quiet();
  release();
  expect(room.posted("final")).toEqual([]);
  expect(room.statuses().map(({ phase, note }) => [phase, note])).toEqual([
    ["stopped", expect.stringMatching(/^stopped by .*; 1 added message was not answered$/)],
  ]);
});

test("when the question was deleted, what somebody added becomes the next turn", async () => {
  const room = await openRoom(teamOf(["ann", "berta"], "during_turn: steer"));
  const release = room.models.hold(({ said }) => said.length === 1);
  const message = await room.say(ROOT);
  await room.until(() => expect(room.models.asked).toHaveLength(2));
  await room.say("And then?");
  await room.until(() => expect(room.of("message_steered")).toHaveLength(1));
  await room.leave();
  await room.store.messages.remove(CONVERSATION, [message.id]);
  await room.start();
  release();
  await room.quiet();
  expect(room.statuses()[0]).toMatchObject({ phase: "stopped" });
  expect(room.posted("final")).toEqual([expect.stringContaining("on “And then?”")]);
});

test("a turn that another process has started anew stops here without a word", async () => {
  const room = await openRoom();
  const release = room.models.hold(({ kind }) => kind === "answer");
  await room.say(ROOT);
  await room.until(() => expect(room.models.asked).toHaveLength(2));
  await room.store.turns.start(turnOf(room));
  const before = room.events.length;
  release();
  await room.clock.advance(60_000);
  expect(room.events.slice(before)).toEqual([]);
  expect(room.problems).toEqual([]);
  expect([...room.posted("final"), ...room.posted("note")]).toEqual([]);
});

test("a turn whose team this version cannot read, alone on its data, is given up at once: the log says why, its person is told once, and the thread goes on", async () => {
  const room = await openRoom();
  await room.leave();
  const message = { id: "m0", author: ADA, text: ROOT, files: [], at: 0 };
  await room.store.messages.upsert(CONVERSATION, [message]);
  const unreadable = { id: TurnId.parse("t0"), conversation: CONVERSATION, request: "m0" };
  await room.store.turns.add({ ...unreadable, person: "test:ada", team: { name: "default" } });
  await room.start();
  await room.quiet();
  expect(room.problems).toEqual([expect.stringContaining("Run the version that wrote it.")]);
  await room.say("And now?");
  await room.quiet();
  expect(room.posted("note")).toEqual([
    "Something went wrong here, and this could not be answered. Please ask again.",
  ]);
  expect(room.posted("final")).toHaveLength(1);
});

test("a turn that takes its process down every time leaves no status behind that shows somebody at work", async () => {
  const room = await openRoom();
  room.models.hold(({ kind }) => kind === "answer");
  await room.say(ROOT);
  await room.until(() => expect(room.statuses()).toMatchObject([{ phase: "answering" }]));
  await room.leave();
  for (let crash = 0; crash < 5; crash++) await room.store.turns.start(turnOf(room));
  await room.start();
  await room.quiet();
  expect(room.posted("note")).toHaveLength(1);
  expect(room.statuses()).toMatchObject([{ phase: "failed", note: "could not be finished" }]);
  expect(room.statuses()[0]?.agents.map(({ status }) => status)).toEqual(["waiting", "waiting"]);
});

test("a turn in whose journal a newer version wrote ends as far as it can be read: its status shows nobody at work", async () => {
  const room = await openRoom();
  room.models.hold(({ kind }) => kind === "answer");
  await room.say(ROOT);
  await room.until(() => expect(room.statuses()).toMatchObject([{ phase: "answering" }]));
  await room.leave();
  await room.store.db.q(
    `INSERT INTO journal (turn, seq, type, event, at) VALUES ($1, 1000, 'newer', '{"type":"newer"}', 0)`,
    [turnOf(room)],
  );
  await room.start();
  await room.quiet();
  expect(room.posted("note")).toHaveLength(1);
  expect(room.statuses()).toMatchObject([{ phase: "failed", note: "could not be finished" }]);
});

test("a turn whose store goes away while it begins lets go of its models and is run again", async () => {
  const room = await openRoom();
  const { store } = room;
  const onPeopleInput = store.onPeopleInput.bind(store);
  const fail = async () => {
    await room.until(() => expect(room.models.asked).toHaveLength(2));
    throw new Error("the store is away");
  };
  const failures = [fail];
  const told: typeof onPeopleInput = async (...args) =>
    failures.shift()?.() ?? onPeopleInput(...args);
  Object.assign(room.store, { onPeopleInput: told });
  const release = room.models.hold(({ kind }) => kind === "answer");
  await room.say(ROOT);
  await room.until(() => expect(room.problems).toEqual(["Error: the store is away"]));
  await room.clock.advance(5_000);
  await room.until(() => expect(room.models.asked).toHaveLength(4));
  release();
  await room.quiet();
  expect(room.posted("final")).toHaveLength(1);
});

test("a thread that cannot be read just now is answered from what its events told", async () => {
  const room = await openRoom();
  room.breakHistory(new PlatformError("rejected", "missing_scope"));
  await room.say(ROOT);
  await room.quiet();
  expect(room.posted("final")).toHaveLength(1);
  expect(room.problems).toEqual([expect.stringContaining("missing_scope")]);
});

test("a process that leaves hands its turn over, and nothing that has ended is asked again", async () => {
  const room = await openRoom();
  const release = room.models.hold(({ model }) => model === "berta");
  await room.say(ROOT);
  await room.until(() => expect(room.of("answer_given")).toHaveLength(1));
  await room.leave();
  release();
  await room.start();
  await room.quiet();
  expect(kinds(room).filter((kind) => kind === "ann answer")).toHaveLength(1);
  expect(room.of("move_aborted")).toMatchObject([{ agent: "berta", cause: "interrupted" }]);
  expect(room.posted("final")).toHaveLength(1);
  expect(room.statuses()).toHaveLength(1);
});

test("an answer that was decided and not posted is posted by the next start, and nobody is asked", async () => {
  const room = await openRoom();
  await room.say(ROOT);
  await room.until(() => expect(room.of("turn_ended")).toHaveLength(1));
  await room.leave();
  const asked = room.models.asked.length;
  await room.start();
  await room.quiet();
  expect(room.models.asked).toHaveLength(asked);
  expect(room.posted("final")).toEqual([`heron, answer 1: berta on “${ROOT}”.`]);
});

test("what a turn used is recorded once per agent, a model without a price as unpriced", async () => {
  const room = await openRoom();
  await room.say(ROOT);
  await room.quiet();
  const where = { conversation: CONVERSATION };
  expect(await room.store.usage.sum(where)).toMatchObject({ turns: 1, input: 400, unpriced: 2 });
  const agents = await room.store.usage.sumBy("agent", where);
  expect(agents.map(({ key }) => key).toSorted()).toEqual(["ann", "berta"]);
});

test("when all agents fail the thread is told why, agent by agent", async () => {
  const room = await openRoom();
  room.models.script("ann", () => new BackendError("auth", "invalid key"));
  room.models.script("berta", () => new BackendError("overloaded", "busy"));
  await room.say(ROOT);
  await room.quiet();
  expect(room.posted("note")).toEqual([
    "No agent could answer: ann (the provider rejects the key), berta (the provider is overloaded). An admin can see details with `!why`.",
  ]);
  expect(room.statuses()).toMatchObject([{ phase: "failed" }]);
});
