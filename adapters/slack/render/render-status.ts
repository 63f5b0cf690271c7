import { closeFence } from "../../../src/adapter-kit/text/fence.ts";
import { headline, joinFacts, tallyLine } from "../../../src/adapter-kit/text/plain-layout.ts";
import { revealLinks } from "../../../src/links/reveal-links.ts";
import type { AgentLine, AgentStatus } from "../../../src/progress/agent-line.ts";
import { formatCount, formatDuration } from "../../../src/progress/format.ts";
import {
  hasEnded,
  type StatusView,
  type TallyLine,
  type WaitingMessage,
} from "../../../src/progress/status-view.ts";
import { actions, type Block, context, safeText, section, type SlackText, told } from "./blocks.ts";
import { retryButton, statusButtons, waitingButtons, whyButton } from "./buttons.ts";
import { cutText, withoutPings } from "./escape.ts";

const PHASES: Readonly<Record<StatusView["phase"], string>> = {
  queued: "🕓",
  routing: "🧭",
  answering: "💬",
  reviewing: "🔍",
  presenting: "📣",
  answered: "✅",
  stopped: "🛑",
  failed: "⚠️",
};

const STATES: Readonly<Record<AgentStatus, string>> = {
  waiting: "▫️",
  queued: "🕓",
  answering: "✍️",
  answered: "📝",
  reviewing: "🔍",
  voted: "☑️",
  presenting: "📣",
  retrying: "⏳",
  failed: "❌",
};

/** How many agents and queued messages have a line of their own. */
const MOST_AGENTS = 16;
const MOST_WAITING = 3;
const LONGEST_LINE = 170;
const LONGEST_TEXT = 3_000;
/** The longest part of a streaming answer; its end is shown. */
const LONGEST_PREVIEW = 2_800;

/** The status message of a turn while it runs, and the short record that stays. */
export function renderStatus(view: StatusView): SlackText {
  const lines = [
    `${PHASES[view.phase]} ${headline(view, `*${safeText(view.team)}*`)}`,
    ...agentLines(view),
  ];
  const small = [...tallyLine(view, tallyRow), ...(view.note === "" ? [] : [told(view.note)])];
  return {
    // For notifications and screen readers, and wherever blocks are not shown.
    text: cutText([...lines, ...small].join("\n"), LONGEST_TEXT),
    blocks: [
      section(lines.join("\n")),
      ...previewBlocks(view),
      ...context(small),
      ...waitingBlocks(view),
      ...actions(buttonsOf(view)),
    ],
  };
}

function agentLines({ agents }: StatusView): readonly string[] {
  const rest = agents.length - MOST_AGENTS;
  const lines = agents.slice(0, MOST_AGENTS).map(agentLine);
  return rest > 0 ? [...lines, `… ${formatCount(rest, "more agent")}`] : lines;
}

const TIMED: ReadonlySet<AgentStatus> = new Set(["queued", "answering", "reviewing", "presenting"]);

function agentLine(agent: AgentLine): string {
  const state = TIMED.has(agent.status)
    ? `${agent.status} ${formatDuration(agent.elapsedMs)}`
    : agent.status;
  const parts = [
    state,
    agent.revision > 1 ? `revision ${agent.revision}` : "",
    agent.note === null ? "" : told(agent.note),
  ];
  const label = agent.label === null ? "" : ` \`${safeText(agent.label)}\``;
  const line = `${STATES[agent.status]}${label} *${safeText(agent.name)}* ${joinFacts(parts)}`;
  return cutText(line, LONGEST_LINE);
}

const tallyRow = ({ name, text, leads }: TallyLine): string => {
  const row = `${safeText(name)} ${text}`;
  return leads ? `*${row}*` : row;
};

function previewBlocks(view: StatusView): readonly Block[] {
  if (view.preview.trim() === "" || hasEnded(view)) return [];
  const tail = view.preview.slice(-LONGEST_PREVIEW);
  const from = tail.length < view.preview.length ? tail.indexOf("\n") + 1 : 0;
  const text = closeFence(withoutPings(revealLinks(tail.slice(from))));
  return [{ type: "markdown", text }];
}

function waitingBlocks(view: StatusView): readonly Block[] {
  if (view.waiting.length === 0 || hasEnded(view)) return [];
  const rest = view.waiting.length - MOST_WAITING;
  return [
    ...view.waiting.slice(0, MOST_WAITING).flatMap(waitingBlock),
    ...(rest > 0 ? context([`… and ${formatCount(rest, "more message")}`]) : []),
  ];
}

const waitingBlock = (message: WaitingMessage): readonly Block[] => [
  ...context([`⏸️ Waiting: ${quote(message)}`]),
  ...actions(waitingButtons(message)),
];

const quote = ({ author, excerpt }: WaitingMessage): string =>
  `${safeText(author === "" ? "a message" : author)}: “${safeText(excerpt)}”`;

function buttonsOf(view: StatusView) {
  if (!hasEnded(view)) return statusButtons(view.turn);
  // Answers, and messages about failures, have these buttons themselves.
  return view.phase === "stopped" ? [whyButton(view.turn), retryButton(view.turn)] : [];
}
