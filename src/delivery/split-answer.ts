import type { Capabilities } from "../platform.ts";
import type { Steps } from "../slices.ts";
import { splittingMarkdown } from "./split.ts";

const WHOLE_ANSWER = "answer.md";
const NOTE = `\n\n*Too long for messages: the whole answer is in ${WHOLE_ANSWER}.*`;

type Room = Pick<Capabilities, "maxTextLength" | "footerRoom" | "maxParts">;

/** The parts a final is posted in; or, when those are too many, its beginning beside the whole of it as a file. */
export function* splittingAnswer(
  text: string,
  room: Room,
): Steps<{ readonly parts: readonly string[]; readonly fileName?: string }> {
  const { maxTextLength, footerRoom, maxParts } = room;
  // What cannot fit is not split to find that out.
  if (text.length <= maxTextLength * maxParts) {
    const parts = yield* withRoomAtTheEnd(yield* splittingMarkdown(text, maxTextLength), room);
    if (parts.length <= maxParts) return { parts };
  }
  const most = maxTextLength - footerRoom - NOTE.length;
  const [beginning = ""] = yield* splittingMarkdown(text.slice(0, 2 * most), most);
  return { parts: [beginning + NOTE], fileName: WHOLE_ANSWER };
}

/** Cuts the last part once more where the footer would not fit under it. */
function* withRoomAtTheEnd(
  parts: readonly string[],
  { maxTextLength, footerRoom }: Room,
): Steps<readonly string[]> {
  const last = parts.at(-1) ?? "";
  const most = maxTextLength - footerRoom;
  return last.length <= most
    ? parts
    : [...parts.slice(0, -1), ...(yield* splittingMarkdown(last, most))];
}
