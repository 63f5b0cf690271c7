import { expect } from "vitest";
import { openRoom, type ParleyRoom, teamOf } from "./parley-room.ts";

export const ROOT = "The code word is heron.";

/** A room whose questions wait for more. Only the first message names Parley. */
export async function settling(settings = "settle: 1.5"): Promise<ParleyRoom> {
  const room = await openRoom(teamOf(["ann", "berta"], settings));
  let hasBegun = false;
  const say: ParleyRoom["say"] = (text, more) => {
    const addressed = hasBegun ? "thread" : "mention";
    hasBegun = true;
    return room.say(text, { addressed, ...more });
  };
  return { ...room, say };
}

/** The status stands, and nobody has been asked. */
export const waits = (room: ParleyRoom) =>
  room.until(() => {
    expect(room.of("turn_started")).toHaveLength(1);
    expect(room.statuses()).toHaveLength(1);
    expect(room.models.asked).toEqual([]);
  });

/** Each question as its first reader read it. */
export const questions = (room: ParleyRoom) =>
  room.models.asked
    .filter(({ kind }) => kind === "answer")
    .slice(0, room.of("turn_started").length * 2)
    .filter((_, i) => i % 2 === 0)
    .map(({ said }) => said.at(-1));

/** Lets time pass until nothing runs or waits. */
export const quiet = async (room: ParleyRoom) => {
  await room.clock.advance(5_000);
  await room.quiet();
};
