import type { Capabilities } from "../platform.ts";
import type { Steps } from "../slices.ts";
import { lengthIn, type Measure, splittingToFit } from "./split.ts";

const WHOLE_ANSWER = "answer.md";
const NOTE = `\n\n*Too long for messages: the whole answer is in ${WHOLE_ANSWER}.*`;

type Room = Pick<Capabilities, "maxTextLength" | "footerRoom" | "maxParts"> & Measure;

/** How many times `maxParts` an answer may have where no file can be attached. */
const PATIENCE = 3;
const REST = "\n\n*The rest of the answer is too long to be posted here. Why shows it.*";

/** A final answer as messages. */
export interface SplitAnswer {
  readonly parts: readonly string[];
  /** The first message attaches the whole answer. */
  readonly fileName?: string;
}

/**
 * Splits a final answer into parts. If there would be too many, posts the beginning and attaches the whole answer as a file; as `messages`,
 * where no file can be attached, posts more parts, and says what is left out.
 */
export function* splittingAnswer(
  text: string,
  room: Room,
  as: "file" | "messages" = "file",
): Steps<SplitAnswer> {
  const { maxTextLength } = room;
  const maxParts = as === "file" ? room.maxParts : PATIENCE * room.maxParts;
  // Skip splitting a text that obviously needs too many parts.
  if (text.length <= maxTextLength * maxParts) {
    const parts = yield* withRoomAtTheEnd(yield* splittingToFit(text, maxTextLength, room), room);
    if (parts.length <= maxParts) return { parts };
  }
  return as === "file" ? yield* beginningOf(text, room) : yield* firstParts(text, room, maxParts);
}

function* beginningOf(text: string, room: Room): Steps<SplitAnswer> {
  const most = room.maxTextLength - room.footerRoom - NOTE.length;
  const [beginning = ""] = yield* splittingToFit(text.slice(0, 2 * most), most, room);
  return { parts: [beginning + NOTE], fileName: WHOLE_ANSWER };
}

function* firstParts(text: string, room: Room, maxParts: number): Steps<SplitAnswer> {
  const most = room.maxTextLength - room.footerRoom - REST.length;
  const parts = yield* splittingToFit(text.slice(0, 2 * most * maxParts), most, room);
  const shown = parts.slice(0, maxParts);
  return { parts: shown.map((part, n) => (n === shown.length - 1 ? part + REST : part)) };
}

/** Splits the last part again if the footer would not fit below it. */
function* withRoomAtTheEnd(parts: readonly string[], room: Room): Steps<readonly string[]> {
  const last = parts.at(-1) ?? "";
  const most = room.maxTextLength - room.footerRoom;
  return lengthIn(room, last) <= most
    ? parts
    : [...parts.slice(0, -1), ...(yield* splittingToFit(last, most, room))];
}
