import { expect, test } from "vitest";
import { openRoom, teamOf } from "../support/parley-room.ts";

const ROOT = "The code word is heron. Why?";
const BEST = "Posting the best answer so far";

/** A question whose agents have answered; the reviews do not come. */
async function reviewing(team?: string) {
  const room = await openRoom(team);
  room.models.hold(({ kind }) => kind === "review");
  await room.say(ROOT);
  await room.until(() => expect(room.models.asked).toHaveLength(4));
  return room;
}

test("“finish” posts the best answer so far, and the turn counts as answered", async () => {
  const room = await reviewing();
  expect(await room.command("finish")).toMatchObject({ ok: true, title: BEST });
  await room.quiet();
  expect(room.posted("final")).toHaveLength(1);
  expect(room.of("finish_requested")).toMatchObject([{ by: "Ada" }]);
  expect(room.of("turn_closed")).toMatchObject([{ closedBy: "person" }]);
  expect(room.statuses().at(-1)).toMatchObject({ phase: "answered" });
});

test("“finish” before the first answer changes nothing", async () => {
  const room = await openRoom();
  const release = room.models.hold(() => true);
  await room.say(ROOT);
  await room.until(() => expect(room.models.asked).toHaveLength(2));
  expect(await room.command("finish")).toMatchObject({
    ok: false,
    title: "No agent has answered yet",
  });
  release();
  await room.quiet();
  expect(room.posted("final")).toHaveLength(1);
  expect(room.of("finish_requested")).toEqual([]);
});

test("“finish” does not wait for the presenter's rewriting", async () => {
  const room = await openRoom(teamOf(["ann", "berta"], "present: polish"));
  room.models.hold(({ kind }) => kind === "present");
  await room.say(ROOT);
  await room.until(() => expect(room.of("turn_closed")).toHaveLength(1));
  await room.until(() =>
    expect(room.of("move_started").some(({ kind }) => kind === "present")).toBe(true),
  );
  await room.command("finish");
  await room.quiet();
  expect(room.posted("final")).toHaveLength(1);
  expect(room.of("turn_ended")).toMatchObject([{ outcome: "answered" }]);
});

test("a stopped turn posts the best of its answers when somebody asks for it, once", async () => {
  const room = await reviewing();
  await room.command("stop");
  await room.quiet();
  expect(room.posted("final")).toEqual([]);
  const [{ turn } = { turn: "" }] = room.of("turn_started");
  expect(await room.command(`finish of ${turn}`)).toMatchObject({ ok: true, title: BEST });
  await room.quiet();
  expect(room.posted("final")).toHaveLength(1);
  expect(room.posted("final")[0]).toContain("heron, answer 1");
  expect(await room.command(`finish of ${turn}`)).toMatchObject({ ok: false });
  await room.quiet();
  expect(room.posted("final")).toHaveLength(1);
  expect(room.statuses().at(-1)).toMatchObject({ phase: "answered" });
});

test("the best answer of a stopped turn waits until the turn that runs now has ended", async () => {
  const room = await reviewing();
  await room.command("stop");
  await room.quiet();
  const [{ turn } = { turn: "" }] = room.of("turn_started");
  const release = room.models.hold(({ said }) => said.length === 2);
  await room.say("And then?");
  await room.until(() => expect(room.of("turn_started")).toHaveLength(2));
  await room.command(`finish of ${turn}`);
  expect(room.posted("final")).toEqual([]);
  release();
  room.models.openAll();
  await room.quiet();
  expect(room.posted("final")).toHaveLength(2);
});

test("what is asked of a stopped turn survives a restart of the process", async () => {
  const room = await reviewing();
  await room.command("stop");
  await room.quiet();
  const [{ turn } = { turn: "" }] = room.of("turn_started");
  await room.leave();
  room.reachAnother();
  expect(await room.command(`finish of ${turn}`)).toMatchObject({ ok: true, title: BEST });
  await room.start();
  await room.quiet();
  expect(room.posted("final")).toHaveLength(1);
});

test("a turn that makes way for another, has no answer, or was answered has nothing to post", async () => {
  const room = await openRoom();
  expect(await room.command("finish")).toMatchObject({ ok: false });
  const release = room.models.hold(() => true);
  await room.say(ROOT);
  await room.until(() => expect(room.models.asked).toHaveLength(2));
  await room.command("stop");
  await room.quiet();
  expect(await room.command("finish")).toMatchObject({ ok: false });
  release();
  await room.command("retry");
  await room.quiet();
  expect(await room.command("finish")).toMatchObject({ ok: false });
  expect(room.posted("final")).toHaveLength(1);
});
