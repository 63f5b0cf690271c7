import { expect, test } from "vitest";
import { openRoom, teamOf } from "../support/parley-room.ts";

const ROOT = "The code word is heron. Why?";

test("a message becomes a turn: one status message, one answer", async () => {
  const room = await openRoom();
  await room.say(ROOT);
  await room.quiet();
  expect(room.posted("final")).toEqual([`heron, answer 1: berta on “${ROOT}”.`]);
  expect(room.statuses().map(({ phase }) => phase)).toEqual(["answered"]);
  expect(room.problems).toEqual([]);
});

test("a message that is delivered again does nothing, while its turn runs and afterwards", async () => {
  const room = await openRoom();
  const release = room.models.hold(() => true);
  const message = await room.say(ROOT);
  await room.redeliver(message);
  release();
  await room.quiet();
  await room.redeliver(message);
  await room.quiet();
  expect(room.posted("final")).toHaveLength(1);
  expect(room.of("turn_started")).toHaveLength(1);
});

test("a message for somebody else, and one of another bot, are not answered", async () => {
  const room = await openRoom();
  await room.say("Bob, lunch?", { addressed: "none" });
  await room.say("Beep", { author: { id: "b1", name: "Beeper", kind: "bot" } });
  await room.quiet();
  expect(room.events).toEqual([]);
});

test("messages of one thread are answered one after the other, each with the answers before it", async () => {
  const room = await openRoom();
  await room.say(ROOT);
  await room.say("And then?");
  await room.say("And at last?");
  await room.quiet();
  expect(room.posted("final")).toEqual([
    expect.stringMatching(/^heron, answer 1: .*“The code word/),
    expect.stringMatching(/^heron, answer 2: .*“And then\?”/),
    expect.stringMatching(/^heron, answer 3: .*“And at last\?”/),
  ]);
});

test("a message that waits is shown in the status of the running turn", async () => {
  const room = await openRoom();
  const release = room.models.hold(() => true);
  await room.say(ROOT);
  await room.until(() => expect(room.models.asked).toHaveLength(2));
  const { id } = await room.say("And then?");
  const waiting = [{ id, author: "Ada", excerpt: "And then?" }];
  await room.until(() => expect(room.statuses()[0]).toMatchObject({ queued: 1, waiting }));
  release();
  await room.quiet();
});

test("a message that was written earlier and came later takes nobody's place, even where new ones do", async () => {
  const room = await openRoom(teamOf(["ann", "berta"], "during_turn: restart"));
  const first = room.write("The code word is heron. Why?");
  const second = room.write("And then?");
  const release = room.models.hold(() => true);
  await room.redeliver(second);
  await room.until(() => expect(room.models.asked).toHaveLength(2));
  await room.redeliver(first);
  release();
  await room.quiet();
  expect(room.posted("final")).toEqual([
    expect.stringContaining("“And then?”"),
    expect.stringContaining("“The code word"),
  ]);
});

test("“!team” has the whole team answer where one agent alone would", async () => {
  const room = await openRoom(teamOf(["ann", "berta"], "mode: solo"));
  await room.say(ROOT);
  await room.say("!team Are you sure?");
  await room.quiet();
  const modes = room.of("turn_started").map(({ policy }) => policy.mode);
  expect(modes).toEqual(["solo", "team"]);
  expect(room.models.asked.slice(1, 3).map(({ said }) => said.at(-1))).toEqual([
    "Ada: Are you sure?",
    "Ada: Are you sure?",
  ]);
});

test("“!ask --team” asks another team, just this once", async () => {
  const room = await openRoom();
  await room.writeTeam("duo", teamOf(["carl", "dora"]));
  await room.say("!ask --team duo The code word is heron. Why?");
  await room.say("And then?");
  await room.quiet();
  expect(room.of("turn_started").map(({ team }) => team)).toEqual(["duo", "default"]);
});

test("a command written as a message is answered in the thread once, and never read by a model", async () => {
  const room = await openRoom();
  const message = await room.say("!version");
  await room.redeliver(message);
  await room.say(ROOT);
  await room.quiet();
  expect(room.posted("note")).toEqual([expect.stringContaining("Parley test")]);
  expect(room.models.asked.flatMap(({ said }) => said)).not.toContain("Ada: !version");
});

test("a command whose event comes twice is carried out once", async () => {
  const room = await openRoom();
  await room.say(ROOT);
  await room.quiet();
  expect(await room.command("retry", { eventId: "e1" })).toMatchObject({ ok: true });
  expect(await room.command("retry", { eventId: "e1" })).toMatchObject({ visibleTo: "nobody" });
  await room.quiet();
  expect(room.of("turn_started")).toHaveLength(2);
});

test("when no team can answer, that is said once in the thread", async () => {
  const room = await openRoom("agents: []\n");
  const message = await room.say(ROOT);
  await room.redeliver(message);
  expect(room.posted("note")).toEqual([
    "Nobody can answer this: no team can answer here at present. The people who run Parley can find out why.",
  ]);
  expect(room.problems).toEqual([
    expect.stringMatching(/^Error: no team can answer: .*default\.yaml:1:9/),
  ]);
  await room.writeTeam("default", teamOf(["ann"]));
  await room.say("And now?");
  await room.quiet();
  expect(room.posted("final")).toHaveLength(1);
});

test("a turn keeps the team it was asked with, whatever becomes of the file meanwhile", async () => {
  const room = await openRoom();
  const release = room.models.hold(({ kind }) => kind === "answer");
  await room.say(ROOT);
  await room.writeTeam("default", teamOf(["carl", "dora"]));
  release();
  await room.say("And then?");
  await room.quiet();
  const agents = room.of("turn_started").map((event) => event.agents.map(({ id }) => id));
  expect(agents).toEqual([
    ["ann", "berta"],
    ["carl", "dora"],
  ]);
});
