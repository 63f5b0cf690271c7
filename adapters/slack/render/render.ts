import { alignTable } from "../../../src/adapter-kit/text/aligned-table.ts";
import { closeFence, fenced } from "../../../src/adapter-kit/text/fence.ts";
import { footerLines, markdownReply } from "../../../src/adapter-kit/text/plain-layout.ts";
import type { TurnId } from "../../../src/ids.ts";
import { revealLinks } from "../../../src/links/reveal-links.ts";
import { flattenNesting } from "../../../src/markdown/flatten-nesting.ts";
import type { Outgoing } from "../../../src/platform.ts";
import {
  type FinalView,
  formatObjection,
  formatSplit,
  type SplitView,
} from "../../../src/progress/final-view.ts";
import { finish } from "../../../src/slices.ts";
import type { CommandReply, ReplyBlock } from "../../../src/reply.ts";
import {
  actions,
  type Block,
  context,
  plainText,
  safeText,
  section,
  type SlackText,
  told,
} from "./blocks.ts";
import { answerButtons, feedbackBlock, rateButtons, retryButton, whyButton } from "./buttons.ts";
import { cutText } from "./escape.ts";
import { toMrkdwn } from "./mrkdwn.ts";
import { withOneTable } from "./one-table.ts";
import { quietBlocks } from "./quiet-markdown.ts";
import { renderStatus } from "./render-status.ts";
import { markdownSections } from "./sections.ts";

/** Types of blocks that a workspace does not take, such as "markdown". */
export type Deny = ReadonlySet<string>;
const NOTHING: Deny = new Set();

/** What Parley posts, as a message of Slack. Leaves out the denied types of blocks. Pure. */
export function render(content: Outgoing, deny: Deny = NOTHING): SlackText {
  switch (content.kind) {
    case "status":
      return renderStatus(content.view, deny);
    case "final":
      return renderFinal(content, deny);
    case "note":
      return content.failed === undefined
        ? renderNote(content.text, deny)
        : renderFailure(content.text, content.failed);
  }
}

/** The whole message in Slack's marks, for where it takes no blocks at all. */
export function renderPlain(content: Outgoing): string {
  if (content.kind === "status") return renderStatus(content.view).text;
  if (content.kind === "note")
    return content.failed === undefined ? toMrkdwn(content.text) : told(content.text);
  const { view, text, chunk, chunks } = content;
  if (chunk < chunks - 1) return toMrkdwn(text);
  const split = view.split ? [splitText(view.split)] : [];
  return [toMrkdwn(text), ...split, footerText(view)].join("\n\n");
}

type Final = Extract<Outgoing, { kind: "final" }>;

const LONGEST_OBJECTION = 300;
/** The whole message may have 13,200 characters, of which the answer takes up to 10,000. */
const LONGEST_FOOTER = 1_500;

/**
 * A part of a final answer: its Markdown as it is, since Slack lays out Markdown and tables itself. The footer and the buttons follow the
 * last part. `text` holds the whole part in Slack's marks: notifications say it, and the history of a thread is read from it where the store was lost.
 */
export function renderFinal(content: Final, deny: Deny = NOTHING): SlackText {
  const text = flattenNesting(revealLinks(content.text).replace(/\r\n?/g, "\n"));
  const isLast = content.chunk === content.chunks - 1;
  return {
    text: spoken(toMrkdwn(text)),
    blocks: [...markdownBlocks(text, deny), ...(isLast ? ending(content, deny) : [])],
  };
}

/** What is read aloud may not be empty. */
const spoken = (text: string): string => (text.trim() === "" ? "—" : text);

/** Slack lays out a markdown block itself; sections hold its own marks instead. */
const markdownBlocks = (text: string, deny: Deny): readonly Block[] =>
  deny.has("markdown") ? finish(markdownSections(text)) : quietBlocks(withOneTable(text));

/** What follows an answer: the other opinion, folded; the footer; the buttons. */
export const ending = ({ view, text }: Pick<Final, "view" | "text">, deny: Deny = NOTHING) => [
  ...splitBlocks(view, text, deny),
  ...context([footerText(view)]),
  ...ratedBy(view.turn, deny),
];

/** Slack's own buttons for a rating stay pressed; elsewhere they are buttons among the others. */
const ratedBy = (turn: TurnId, deny: Deny): readonly Block[] =>
  deny.has("context_actions")
    ? actions([...answerButtons(turn), ...rateButtons(turn)])
    : [...actions(answerButtons(turn)), feedbackBlock(turn)];

/** A message may have some 13,000 characters; the footer, the buttons and the titles take up to 2,000. */
const MOST_BESIDE_BUTTONS = 11_000;
const LONGEST_RUNNER_UP = 2_000;
/** Less of an answer than this says nothing. */
const SHORTEST_RUNNER_UP = 200;

/** The runner-up of a split vote: what differs is in view, its answer folds. */
function splitBlocks({ split }: FinalView, answer: string, deny: Deny): readonly Block[] {
  if (!split) return [];
  const said = splitText(split);
  if (deny.has("container")) return [section(said)];
  const room = Math.min(LONGEST_RUNNER_UP, MOST_BESIDE_BUTTONS - answer.length - said.length);
  const title = plainText(formatSplit(split), LONGEST_TITLE);
  const whole = room < SHORTEST_RUNNER_UP ? "" : runnerUpText(split.text, room);
  const children = [
    ...(title.text.endsWith("…") || whole === "" ? [section(said)] : []),
    ...(whole === "" ? [] : [section(whole)]),
  ];
  return [{ ...FOLDED, title, child_blocks: children }];
}

function runnerUpText(markdown: string, room: number): string {
  const text = revealLinks(markdown).replace(/\r\n?/g, "\n");
  const shown = toMrkdwn(closeFence(cutText(text, room)));
  return shown.length > LONGEST_SECTION ? "" : shown;
}

const LONGEST_SECTION = 3_000;
const FOLDED = { type: "container", is_collapsible: true, default_collapsed: true } as const;
const LONGEST_TITLE = 150;

function footerText({ objection, footer }: FinalView): string {
  const [first = "", ...notes] = footerLines(footer);
  const objected = objection ? [cutText(formatObjection(objection), LONGEST_OBJECTION)] : [];
  const lines = [first, ...objected, ...notes].map(told).join("\n");
  // A moment that was cut is none.
  return cutText(lines, LONGEST_FOOTER).replace(/<[^<>]*…$/, "…");
}

/** "*Split* Ada says “Use a cron job.”"; *Why* shows the whole answer. */
const splitText = ({ name, difference }: SplitView): string =>
  `*Split* ${safeText(name)} says “${safeText(difference)}”`;

/** A message's Markdown may have 12,000 characters, and 13,200 with all else. */
const LONGEST = 11_500;
const CUT = "\n\n*… Slack does not show the rest.*";

/** A line for people, in Markdown. */
export function renderNote(markdown: string, deny: Deny = NOTHING): SlackText {
  const text = flattenNesting(revealLinks(markdown).replace(/\r\n?/g, "\n"));
  const shown = text.length <= LONGEST ? text : closeFence(cutText(text, LONGEST)) + CUT;
  return { text: spoken(toMrkdwn(shown)), blocks: markdownBlocks(shown, deny) };
}

/** Why a turn has no answer, with a way to ask again. */
function renderFailure(text: string, turn: TurnId): SlackText {
  const shown = told(cutText(text, LONGEST_FAILURE));
  const buttons = [retryButton(turn), whyButton(turn)];
  return { text: shown, blocks: [section(`⚠️ ${shown}`), ...actions(buttons)] };
}

/** Before it is escaped; a section takes 3,000 characters. */
const LONGEST_FAILURE = 1_500;

/** What a command answers. */
export const renderReply = (reply: CommandReply, deny: Deny = NOTHING): SlackText =>
  renderNote(replyMarkdown(reply), deny);

/** The same in Slack's marks, for where it takes no blocks at all. */
export const plainReply = (reply: CommandReply): string => toMrkdwn(replyMarkdown(reply));

const replyMarkdown = (reply: CommandReply): string => {
  // Slack renders one table per message; the others are aligned as code.
  const native = reply.blocks.find(({ type }) => type === "table");
  return markdownReply(reply, {
    text: (markdown) => markdown,
    table: (table) => (table === native ? pipeTable(table) : fenced(alignTable(table).text)),
  });
};

type Table = Extract<ReplyBlock, { type: "table" }>;

const pipeTable = ({ columns, rows }: Table): string =>
  [columns, columns.map(() => "---"), ...rows]
    .map((row) => `| ${row.map(cell).join(" | ")} |`)
    .join("\n");

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
