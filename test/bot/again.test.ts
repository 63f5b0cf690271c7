import { expect, test } from "vitest";
import { openRoom, teamOf } from "../support/parley-room.ts";

const ROOT = "The code word is heron. Why?";

test("“retry with” has another team answer the last question, and the thread stays with its own", async () => {
  const room = await openRoom();
  await room.writeTeam("duo", teamOf(["carl", "dorothea"]));
  await room.say(ROOT);
  await room.quiet();
  await room.command("retry with duo");
  await room.quiet();
  await room.say("And then?");
  await room.quiet();
  expect(room.of("turn_started").map(({ team }) => team)).toEqual(["default", "duo", "default"]);
  expect(room.posted("final")[1]).toMatch(/: dorothea on “The code word is heron\. Why\?”\.$/);
});

test("“retry of” an earlier turn answers its question, not the last one", async () => {
  const room = await openRoom();
  await room.say(ROOT);
  await room.say("And then?");
  await room.quiet();
  const [first] = room.of("turn_started");
  await room.command(`retry of ${first?.turn}`);
  await room.quiet();
  expect(room.posted("final")[2]).toContain(`“${ROOT}”`);
});

test("a retry while the turn runs takes its place", async () => {
  const room = await openRoom();
  const release = room.models.hold(({ model }) => model === "berta");
  await room.say(ROOT);
  await room.until(() => expect(room.models.asked).toHaveLength(2));
  await room.command("retry");
  release();
  await room.quiet();
  expect(room.posted("final")).toHaveLength(1);
  expect(room.statuses().map(({ phase }) => phase)).toEqual(["stopped", "answered"]);
});

test("where nobody has asked anything there is nothing to answer again", async () => {
  const room = await openRoom();
  expect(await room.command("retry")).toMatchObject({
    ok: false,
    title: "Nothing to answer again",
  });
});

test("a waiting message can be put to the running turn: one answer takes both in", async () => {
  const room = await openRoom();
  const release = room.models.hold(({ said }) => said.length === 1);
  await room.say(ROOT);
  await room.until(() => expect(room.models.asked).toHaveLength(2));
  const waiting = await room.say("Keep it short.");
  expect(await room.command(`steer ${waiting.id}`)).toMatchObject({ ok: true });
  release();
  await room.quiet();
  expect(room.posted("final")).toHaveLength(1);
  expect(room.of("message_steered")).toHaveLength(1);
  const inView = room.models.asked.filter(({ said }) => said.at(-1) === "Ada: Keep it short.");
  expect(new Set(inView.map(({ model }) => model))).toEqual(new Set(["ann", "berta"]));
});

test("a waiting message can take the running turn's place", async () => {
  const room = await openRoom();
  const release = room.models.hold(({ said }) => said.length === 1);
  await room.say(ROOT);
  await room.until(() => expect(room.models.asked).toHaveLength(2));
  const waiting = await room.say("No, how?");
  expect(await room.command(`restart ${waiting.id}`)).toMatchObject({ ok: true });
  await room.quiet();
  release();
  expect(room.posted("final")).toEqual(["heron, answer 1: berta on “No, how?”."]);
});

test("a person's choice is counted while the turn is open, and refused after it", async () => {
  const room = await openRoom();
  const release = room.models.hold(({ kind }) => kind === "review");
  await room.say(ROOT);
  await room.until(() => expect(room.models.asked).toHaveLength(4));
  expect(await room.command("prefer zoe")).toMatchObject({ ok: false });
  expect(await room.command("prefer ann")).toMatchObject({ ok: true });
  release();
  await room.quiet();
  expect(room.of("preference_given")).toMatchObject([{ person: "ada", revision: "ann.1" }]);
  expect(await room.command("prefer ann")).toMatchObject({ ok: false });
});
