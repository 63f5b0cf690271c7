import type { DeliveryMark, Outgoing } from "../../../src/platform.ts";
import { footerLines as plainFooterLines } from "../../../src/adapter-kit/text/plain-layout.ts";
import { formatObjection, formatSplit, type FinalView } from "../../../src/progress/final-view.ts";
import { revealLinks } from "../../../src/links/reveal-links.ts";
import { cutLine, withMoments } from "./lines.ts";
import { type Button, buttonRows, type Components, RETRY, WHY } from "./buttons.ts";
import { formatSmallPrint } from "./small-print.ts";
import { MESSAGE_LIMIT, renderMarkdown, toDiscord } from "./markdown.ts";
import type { TextFile } from "./markdown/code.ts";

export type Final = Extract<Outgoing, { kind: "final" }>;

/** Text and buttons of a message. */
export interface Rendered {
  readonly content: string;
  readonly components: Components;
}

/** Room in the last part for the footer, UTF-16 code units. */
export const FOOTER_ROOM = 500;

const BUTTONS: readonly Button[] = [
  WHY,
  RETRY,
  { label: "", action: "up", emoji: "👍" },
  { label: "", action: "down", emoji: "👎" },
];

/** The files of a part: code that Discord cannot show, and the whole answer if it is too long for parts. */
export const filesOfFinal = ({ text, file }: Final): readonly TextFile[] => [
  ...renderMarkdown(text).files,
  ...(file ? [file] : []),
];

/** One part of a final answer. The last part has the footer and the buttons. `mayAttach` false: code that would be a file becomes text. */
export function renderFinal(
  { view, text, chunk, chunks }: Final,
  mark: DeliveryMark,
  mayAttach = true,
): Rendered {
  const show = (most?: number) =>
    mayAttach ? renderMarkdown(text, most).content : toDiscord(text, most);
  if (chunk < chunks - 1) {
    const part = { label: `${chunk + 1} of ${chunks}`, action: "part", disabled: true } as const;
    return { content: show(), components: buttonRows(mark, [[part]]) };
  }
  const body = show(MESSAGE_LIMIT - FOOTER_ROOM / 2);
  const footer = withMoments(formatSmallPrint(footerLines(view, MESSAGE_LIMIT - body.length - 2)));
  return { content: `${body}\n${footer}`, components: buttonRows(mark, [BUTTONS]) };
}

const MORE = "More under *Why*.";
/** Length of the small print's prefix and the line feed. */
const LEAD = 6;

/** As many lines as fit; *Why* shows the rest. */
function footerLines(view: FinalView, room: number): readonly string[] {
  const { footer, split, objection } = view;
  const [first, ...notes] = plainFooterLines(footer);
  const lines = [
    ...(split ? [formatSplit(split)] : []),
    ...(first === undefined ? [] : [first]),
    ...(objection ? [formatObjection(objection)] : []),
    ...notes,
  ].map((line) => cutLine(revealLinks(line.replaceAll(/\s+/g, " ")), 300));
  const kept: string[] = [];
  let left = room - MORE.length - LEAD;
  for (const line of lines) {
    left -= line.length + LEAD;
    if (left < 0) return [...kept, MORE];
    kept.push(line);
  }
  return kept;
}
