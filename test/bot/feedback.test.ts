import { expect, test } from "vitest";
import type { IncomingFeedback } from "../../src/platform.ts";
import { TurnId } from "../../src/ids.ts";
import { textOf } from "../commands/room.ts";
import { openRoom } from "../support/parley-room.ts";
import { ADA, CONVERSATION } from "../support/thread-platform.ts";

/** A thread with one answer, and somebody who thinks something of it. */
async function roomWithAnswer() {
  const room = await openRoom();
  await room.say("The code word is heron. Why?");
  await room.quiet();
  const turn = TurnId.parse(room.of("turn_started")[0]?.turn);
  const judge = (verdict: "up" | "down", eventId: string, more: Partial<IncomingFeedback> = {}) =>
    room.parley.intake.feedback({
      conversation: CONVERSATION,
      turn,
      person: ADA,
      verdict,
      eventId,
      ...more,
    });
  return { room, judge, verdicts: () => room.store.feedback.list(turn) };
}

test("a person's latest verdict on an answer is kept, and a redelivered click changes nothing", async () => {
  const { judge, verdicts } = await roomWithAnswer();
  await judge("up", "click-1");
  await judge("down", "click-2");
  await judge("up", "click-1");
  expect(await verdicts()).toMatchObject([{ person: "test:ada", verdict: "down" }]);
});

test("whoever rates is told what changed; a redelivery and an unknown turn are told apart", async () => {
  const { judge } = await roomWithAnswer();
  expect(await judge("up", "click-1")).toEqual({ outcome: "taken", before: null });
  expect(await judge("down", "click-2")).toEqual({ outcome: "taken", before: "up" });
  expect(await judge("down", "click-2")).toEqual({ outcome: "repeated" });
  const other = { turn: TurnId.parse("another") };
  expect(await judge("up", "click-3", other)).toEqual({ outcome: "unknown" });
});

test("what was wrong is kept with the rating, shown to admins alone, and gone once it is withdrawn", async () => {
  const { room, judge, verdicts } = await roomWithAnswer();
  await judge("down", "click-1");
  await judge("down", "form-1", { reason: "  It *misses*\nthe question.  " });
  await judge("down", "form-1", { reason: "again" });
  expect(await verdicts()).toMatchObject([
    { verdict: "down", reason: "It *misses*\nthe question." },
  ]);
  const why = async (level: "everyone" | "admin") => textOf(await room.command("why", { level }));
  expect(await why("admin")).toContain("Rated 👎 1\n- 👎 “It \\*misses\\* the question.”");
  expect(await why("everyone")).not.toContain("misses");
  expect((await room.command("rate off")).title).toBe("Your 👎 is withdrawn");
  expect(await verdicts()).toEqual([]);
});

test("rate says what one thinks of the last answer, with the reason in the same line", async () => {
  const { room, verdicts } = await roomWithAnswer();
  const said = await room.command("rate down It says “heron”, not 'Heron'.");
  expect(said).toMatchObject({ title: "Noted: 👎", blocks: [], visibleTo: "asker" });
  expect(await verdicts()).toMatchObject([
    { verdict: "down", reason: "It says “heron”, not 'Heron'." },
  ]);
  expect((await room.command("rate up")).title).toBe("Changed: 👎 → 👍");
  expect(textOf(await room.command("rate down"))).toContain("rate down REASON`");
  expect((await room.command("rate")).title).toBe("Good or bad?");
});

test("a verdict on a turn that is not of its conversation is not kept", async () => {
  const { judge, verdicts } = await roomWithAnswer();
  await judge("up", "click-1", { turn: TurnId.parse("another") });
  expect(await verdicts()).toEqual([]);
});
