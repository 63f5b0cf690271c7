import type { Capabilities } from "../platform.ts";
import type { Steps } from "../slices.ts";
import { lengthIn, type Measure, splittingToFit } from "./split.ts";

const WHOLE_ANSWER = "answer.md";
const NOTE = `\n\n*Too long for messages: the whole answer is in ${WHOLE_ANSWER}.*`;

type Room = Pick<Capabilities, "maxTextLength" | "footerRoom" | "maxParts"> & Measure;

/** Splits a final answer into parts. If there would be too many, posts the beginning and attaches the whole answer as a file. */
export function* splittingAnswer(
  text: string,
  room: Room,
): Steps<{ readonly parts: readonly string[]; readonly fileName?: string }> {
  const { maxTextLength, footerRoom, maxParts } = room;
  // Skip splitting a text that obviously needs too many parts.
  if (text.length <= maxTextLength * maxParts) {
    const parts = yield* withRoomAtTheEnd(yield* splittingToFit(text, maxTextLength, room), room);
    if (parts.length <= maxParts) return { parts };
  }
  const most = maxTextLength - footerRoom - NOTE.length;
  const [beginning = ""] = yield* splittingToFit(text.slice(0, 2 * most), most, room);
  return { parts: [beginning + NOTE], fileName: WHOLE_ANSWER };
}

/** Splits the last part again if the footer would not fit below it. */
function* withRoomAtTheEnd(parts: readonly string[], room: Room): Steps<readonly string[]> {
  const last = parts.at(-1) ?? "";
  const most = room.maxTextLength - room.footerRoom;
  return lengthIn(room, last) <= most
    ? parts
    : [...parts.slice(0, -1), ...(yield* splittingToFit(last, most, room))];
}
