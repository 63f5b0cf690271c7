import { flattenNesting } from "../../../src/markdown/flatten-nesting.ts";
import type { Outgoing } from "../../../src/platform.ts";
import { formatFooter, type SplitView } from "../../../src/progress/final-view.ts";
import { revealLinks } from "../../../src/links/reveal-links.ts";
import type { SlackText } from "../post/rendering.ts";
import { actions, type Block, context, said, section } from "./blocks.ts";
import { answerButtons } from "./buttons.ts";
import { cutText, escapeText } from "./escape.ts";
import { toMrkdwn } from "./mrkdwn.ts";
import { withoutPings } from "./without-pings.ts";

type Final = Extract<Outgoing, { kind: "final" }>;

/** Enough of the runner-up to see where it differs: Why shows all of it. */
const LONGEST_RUNNER_UP = 700;
const LONGEST_OBJECTION = 300;
/** The whole message may have 13,200 characters, of which the answer takes up to 10,000. */
const LONGEST_FOOTER = 1_500;

/**
 * A part of a final answer: its Markdown as it is, since Slack lays out Markdown with its tables itself; under the last part who presented it,
 * how the votes fell, and the buttons.
 */
export function renderFinal(content: Final): SlackText {
  const text = withoutPings(flattenNesting(revealLinks(content.text)));
  const isLast = content.chunk === content.chunks - 1;
  return {
    text: escapeText(text),
    blocks: [{ type: "markdown", text: text.trim() || "—" }, ...(isLast ? ending(content) : [])],
  };
}

const ending = ({ view: { turn, split, footer } }: Final): readonly Block[] => [
  ...(split ? splitBlocks(split) : []),
  ...context([
    cutText([formatFooter(footer), ...footer.notes].map(said).join("\n"), LONGEST_FOOTER),
  ]),
  ...actions(answerButtons(turn)),
];

function splitBlocks({ name, text, objection }: SplitView): readonly Block[] {
  const quoted = toMrkdwn(cutText(text, 2 * LONGEST_RUNNER_UP)).replaceAll(/^/gm, "> ");
  // A link that was cut is none.
  const lines = cutText(quoted, LONGEST_RUNNER_UP).replace(/<[^<>]*…$/, "…");
  const against =
    objection === null ? [] : [`*Objection* ${said(cutText(objection, LONGEST_OBJECTION))}`];
  const close = `*The vote was split.* Close behind: *${said(name)}*`;
  return [section([close, lines, ...against].join("\n"))];
}
