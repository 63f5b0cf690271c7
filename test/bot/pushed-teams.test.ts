import { expect, test } from "vitest";
import { textOf } from "../commands/room.ts";
import { openRoom, teamOf } from "../support/parley-room.ts";

test("a turn that is taken up again keeps its team; the next one has what was pushed meanwhile", async () => {
  const room = await openRoom();
  const release = room.models.hold(({ said }) => said.length === 1);
  await room.say("The code word is heron. Why?");
  await room.until(() => expect(room.models.asked).toHaveLength(2));
  await room.leave();
  await room.pushTeam("default", teamOf(["cleo"]));
  await room.until(async () => expect(textOf(await room.command("team show"))).toContain("cleo"));
  await room.start();
  release();
  await room.quiet();
  await room.say("And then?");
  await room.quiet();
  expect(room.posted("final")).toEqual([
    "heron, answer 1: berta on “The code word is heron. Why?”.",
    "heron, answer 2: cleo on “And then?”.",
  ]);
});

test("admins are told where a team comes from", async () => {
  const room = await openRoom();
  await room.pushTeam("mine", teamOf(["cleo"]));
  const show = async (level: "admin" | "everyone") =>
    textOf(await room.command("team show mine", { level }));
  await room.until(async () => expect(await show("everyone")).toContain("cleo"));
  expect(await show("everyone")).not.toContain("pushed");
  expect(await show("admin")).toContain("- From database:mine.yaml, version 1, pushed by cli:ada");
  const validated = textOf(await room.command("team validate"));
  expect(validated).toContain("- mine: database:mine.yaml, version 1, pushed by cli:ada");
});
