import { closeFence } from "../../../src/adapter-kit/text/fence.ts";
import { headline } from "../../../src/adapter-kit/text/plain-layout.ts";
import { finish } from "../../../src/slices.ts";
import { revealLinks } from "../../../src/links/reveal-links.ts";
import type { AgentLine } from "../../../src/progress/agent-line.ts";
import { formatCount } from "../../../src/progress/format.ts";
import { hasEnded, type StatusView } from "../../../src/progress/status-view.ts";
import { doingWords, shownAgents, shownNote } from "../../../src/progress/status-words.ts";
import {
  actions,
  type Block,
  type Button,
  context,
  safeText,
  section,
  type SlackText,
  told,
} from "./blocks.ts";
import { detailsButton, finishButton, retryButton, statusButtons, whyButton } from "./buttons.ts";
import { cutText, withoutPings } from "./escape.ts";
import { markdownSections } from "./sections.ts";
import { waitingBlocks } from "./waiting.ts";

/** Marks that stand beside words, never in place of them. */
const ENDED = { answered: "✅", stopped: "🛑", failed: "⚠️" } as const;

/** How many agents have a line of their own. */
const MOST_AGENTS = 16;
const LONGEST_LINE = 170;
const LONGEST_TEXT = 3_000;
/** The longest part of a streaming answer; its end is shown. */
const LONGEST_PREVIEW = 2_800;

/** The status message of a turn while it runs, and the line that stays. Its kinds of blocks stay the same: Slack refuses an edit that changes them. */
export function renderStatus(view: StatusView, deny: ReadonlySet<string> = new Set()): SlackText {
  const head = headOf(view);
  const agents = agentLines(view);
  const note = shownNote(view);
  const small = note === "" ? [] : [told(note)];
  return {
    // For notifications and screen readers, and wherever blocks are not shown.
    text: cutText([head, ...agents, ...small].join("\n"), LONGEST_TEXT),
    blocks: [
      section(head, view.phase === "answered" ? detailsButton(view.turn) : undefined),
      ...(agents.length === 0 ? [] : [section(agents.join("\n"))]),
      ...previewBlocks(view, deny),
      ...context(small),
      ...waitingBlocks(view),
      ...actions(buttonsOf(view)),
    ],
  };
}

function headOf(view: StatusView): string {
  const mark = isOver(view.phase) ? `${ENDED[view.phase]} ` : "";
  return `${mark}*${safeText(view.team)}*${told(headline(view, ""))}`;
}

const isOver = (phase: StatusView["phase"]): phase is keyof typeof ENDED =>
  Object.hasOwn(ENDED, phase);

function agentLines(view: StatusView): readonly string[] {
  const agents = shownAgents(view);
  const rest = agents.length - MOST_AGENTS;
  const lines = agents.slice(0, MOST_AGENTS).map(agentLine);
  return rest > 0 ? [...lines, `… ${formatCount(rest, "more agent")}`] : lines;
}

const agentLine = (agent: AgentLine): string =>
  cutText(`• ${safeText(agent.name)} ${told(doingWords(agent))}`, LONGEST_LINE);

function previewBlocks(view: StatusView, deny: ReadonlySet<string>): readonly Block[] {
  if (view.preview.trim() === "" || hasEnded(view)) return [];
  const tail = view.preview.slice(-LONGEST_PREVIEW);
  const from = tail.length < view.preview.length ? tail.indexOf("\n") + 1 : 0;
  const text = closeFence(withoutPings(revealLinks(tail.slice(from))));
  return deny.has("markdown") ? finish(markdownSections(text)) : [{ type: "markdown", text }];
}

function buttonsOf(view: StatusView): readonly Button[] {
  if (view.phase === "posting") return [detailsButton(view.turn)];
  if (!hasEnded(view)) return statusButtons(view);
  // Answers, and messages about failures, have their buttons themselves.
  if (view.phase !== "stopped" || view.isReplaced) return [];
  const best = view.answers > 0 ? [finishButton(view.turn, "Post the best so far")] : [];
  return [...best, whyButton(view.turn), retryButton(view.turn)];
}
