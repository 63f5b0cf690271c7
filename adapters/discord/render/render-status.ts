import { closeFence } from "../../../src/adapter-kit/text/fence.ts";
import { revealLinks } from "../../../src/links/reveal-links.ts";
import type { AgentLine, AgentStatus } from "../../../src/progress/agent-line.ts";
import { formatCount, formatDuration, formatSpent } from "../../../src/progress/format.ts";
import {
  hasEnded,
  type StatusView,
  type WaitingMessage,
} from "../../../src/progress/status-view.ts";
import { cutLine, escapeName, withMoments } from "./lines.ts";
import { type Button, buttonRows } from "./buttons.ts";
import { MESSAGE_LIMIT, toDiscord } from "./markdown.ts";
import type { Rendered } from "./render-final.ts";

const ICONS: Readonly<Record<AgentStatus, string>> = {
  waiting: "⏳",
  queued: "🕓",
  answering: "✍️",
  answered: "💬",
  reviewing: "🔍",
  voted: "🗳️",
  presenting: "🎤",
  retrying: "🔁",
  failed: "❌",
};

const PHASES: Readonly<Record<StatusView["phase"], string>> = {
  queued: "is queued",
  routing: "is deciding who answers",
  answering: "is answering",
  reviewing: "is reviewing the answers",
  presenting: "is writing the answer down",
  answered: "has answered",
  stopped: "was stopped",
  failed: "has no answer",
};

/** Waiting messages with their own row of buttons: Discord allows five rows, and one is for the turn. */
const MOST_WAITING = 4;
const LONGEST_PREVIEW = 900;

/** A turn's status as one message: a line per agent, the tally, the cost, and buttons. */
export function renderStatus(view: StatusView): Rendered {
  const mark = { turn: view.turn, kind: "status", chunk: 0 } as const;
  const lines = [
    `**${escapeName(view.team)}** ${PHASES[view.phase]} · ${formatDuration(view.elapsedMs)}`,
    ...view.agents.map(agentText),
    ...tallyText(view),
    ...(view.note === ""
      ? []
      : [`> ${withMoments(escapeName(cutLine(view.note.replaceAll(/\s+/g, " "), 400)))}`]),
    ...(hasEnded(view) ? [] : view.waiting.slice(0, MOST_WAITING).map(waitingText)),
    ...previewText(view),
    factsText(view),
  ];
  const buttons = hasEnded(view) ? [[DETAILS]] : [[STOP, DETAILS], ...waitingButtons(view)];
  return { content: fit(lines), components: buttonRows(mark, buttons) };
}

const STOP: Button = { label: "Stop", action: "stop", style: "danger" };
const DETAILS: Button = { label: "Details", action: "details" };

function agentText({ name, label, status, revision, elapsedMs, note }: AgentLine): string {
  const facts = [
    revision > 1 ? `${status}, revision ${revision}` : status,
    ...(status === "waiting" || status === "failed" ? [] : [formatDuration(elapsedMs)]),
    ...(note === null ? [] : [withMoments(escapeName(cutLine(note.replaceAll(/\s+/g, " "), 120)))]),
  ];
  const who = label === null ? "" : ` \`${label}\``;
  return `${ICONS[status]}${who} **${escapeName(name)}** ${facts.join(" · ")}`;
}

const tallyText = ({ tally }: StatusView): readonly string[] =>
  tally.length === 0
    ? []
    : [`📊 ${tally.map(({ name, text }) => `${escapeName(name)} ${text}`).join(" · ")}`];

const waitingText = ({ author, excerpt }: WaitingMessage): string =>
  `📨 waits: ${escapeName(author)}: ${escapeName(cutLine(excerpt, 80))}`;

const waitingButtons = ({ waiting }: StatusView): readonly (readonly Button[])[] =>
  waiting.slice(0, MOST_WAITING).map(({ id, excerpt }) => [
    { label: `Add now: ${cutLine(excerpt, 40)}`, action: "steer", about: id },
    { label: "Start over with it", action: "restart", about: id },
  ]);

function factsText(view: StatusView): string {
  const { round, queued } = view;
  const { tokens, money } = formatSpent(view);
  const facts = [
    ...(round > 0 ? [`round ${round}`] : []),
    tokens,
    money,
    ...(queued > 0 ? [`${formatCount(queued, "message")} waiting`] : []),
  ];
  return `-# ${facts.join(" · ")}`;
}

/** The end of the streaming text, with an open code block closed. */
function previewText({ preview }: StatusView): readonly string[] {
  if (preview.trim() === "") return [];
  const end = revealLinks(preview.length > LONGEST_PREVIEW ? `…${wholeEnd(preview)}` : preview);
  return [toDiscord(closeFence(end))];
}

/** Starts at a line, or at least not within a character. */
function wholeEnd(text: string): string {
  const end = text.slice(-LONGEST_PREVIEW);
  const line = end.indexOf("\n");
  return line >= 0 && line < 200 ? end.slice(line) : end.replace(/^[\uDC00-\uDFFF]/, "");
}

/** Drops lines of a very large team; the last line, with the cost, stays. */
function fit(lines: readonly string[]): string {
  const kept = [...lines];
  while (kept.join("\n").length > MESSAGE_LIMIT && kept.length > 2) kept.splice(-2, 1);
  return kept.join("\n").slice(0, MESSAGE_LIMIT);
}
