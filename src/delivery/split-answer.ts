import type { Capabilities } from "../platform.ts";
import { splitMarkdown } from "./split.ts";

const WHOLE_ANSWER = "answer.md";
const NOTE = `\n\n*Too long for messages: the whole answer is in ${WHOLE_ANSWER}.*`;

type Room = Pick<Capabilities, "maxTextLength" | "footerRoom" | "maxParts">;

/** The parts a final is posted in; or, when those are too many, its beginning beside the whole of it as a file. */
export function splitAnswer(
  text: string,
  room: Room,
): { readonly parts: readonly string[]; readonly fileName?: string } {
  const parts = withRoomAtTheEnd(splitMarkdown(text, room.maxTextLength), room);
  if (parts.length <= room.maxParts) return { parts };
  const [beginning = ""] = splitMarkdown(text, room.maxTextLength - room.footerRoom - NOTE.length);
  return { parts: [beginning + NOTE], fileName: WHOLE_ANSWER };
}

/** Cuts the last part once more where the footer would not fit under it. */
function withRoomAtTheEnd(
  parts: readonly string[],
  { maxTextLength, footerRoom }: Room,
): readonly string[] {
  const last = parts.at(-1) ?? "";
  const most = maxTextLength - footerRoom;
  return last.length <= most ? parts : [...parts.slice(0, -1), ...splitMarkdown(last, most)];
}
