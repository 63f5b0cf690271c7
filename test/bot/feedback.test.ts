import { expect, test } from "vitest";
import type { IncomingFeedback } from "../../src/platform.ts";
import { TurnId } from "../../src/ids.ts";
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
  return { judge, verdicts: () => room.store.feedback.list(turn) };
}

test("a person's latest verdict on an answer is kept, and a redelivered click changes nothing", async () => {
  const { judge, verdicts } = await roomWithAnswer();
  await judge("up", "click-1");
  await judge("down", "click-2");
  await judge("up", "click-1");
  expect(await verdicts()).toMatchObject([{ person: "test:ada", verdict: "down" }]);
});

test("a verdict on a turn that is not of its conversation is not kept", async () => {
  const { judge, verdicts } = await roomWithAnswer();
  await judge("up", "click-1", { turn: TurnId.parse("another") });
  expect(await verdicts()).toEqual([]);
});
