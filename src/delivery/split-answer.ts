import type { Capabilities } from "../platform.ts";
import type { Steps } from "../slices.ts";
import { splittingMarkdown } from "./split.ts";

const WHOLE_ANSWER = "answer.md";
const NOTE = `\n\n*Too long for messages: the whole answer is in ${WHOLE_ANSWER}.*`;

type Room = Pick<Capabilities, "maxTextLength" | "footerRoom" | "maxParts" | "lengthOf">;

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

const lengthIn = ({ lengthOf }: Pick<Room, "lengthOf">, text: string): number =>
  lengthOf?.(text) ?? text.length;

const MOST_TRIES = 4;

/** Splits Markdown into parts that are posted with at most `most` characters. What still is too long after some tries stays so. */
export function* splittingToFit(
  text: string,
  most: number,
  room: Pick<Room, "lengthOf">,
): Steps<string[]> {
  let parts = yield* splittingMarkdown(text, most);
  for (let tries = 1; tries < MOST_TRIES; tries++) {
    const fitting: string[] = [];
    for (const part of parts) {
      const length = lengthIn(room, part);
      const share = Math.min(1, most / length) * 0.9;
      if (length <= most) fitting.push(part);
      else fitting.push(...(yield* splittingMarkdown(part, Math.ceil(part.length * share))));
    }
    if (fitting.length === parts.length) return parts;
    parts = fitting;
  }
  return parts;
}
