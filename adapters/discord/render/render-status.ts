import { ComponentType } from "discord.js";
import { closeFence } from "../../../src/adapter-kit/text/fence.ts";
import { revealLinks } from "../../../src/links/reveal-links.ts";
import type { DeliveryMark } from "../../../src/platform.ts";
import { formatCount } from "../../../src/progress/format.ts";
import type { AgentLine } from "../../../src/progress/agent-line.ts";
import {
  hasEnded,
  type StatusView,
  type WaitingMessage,
} from "../../../src/progress/status-view.ts";
import {
  doingWords,
  phaseWords,
  shownAgents,
  shownNote,
} from "../../../src/progress/status-words.ts";
import { cutLine, escapeName, withMoments } from "./lines.ts";
import { type Button, buttonRows, type Components, formatPress, RETRY, WHY } from "./buttons.ts";
import { MESSAGE_LIMIT, toDiscord } from "./markdown.ts";
import type { Rendered } from "./render-final.ts";

/** Marks that stand beside words, never in place of them. */
const ENDED = { answered: "✅ ", stopped: "🛑 ", failed: "⚠️ " } as const;

/** Waiting messages with their own row of buttons; more share one menu. */
const MOST_WAITING = 3;
/** A menu has 25 options, and each message two. */
const MOST_IN_MENU = 12;
const LONGEST_PREVIEW = 900;

/** A turn's status as one message: a line of what is going on, a line per agent, and buttons. */
export function renderStatus(view: StatusView): Rendered {
  const mark = { turn: view.turn, kind: "status", chunk: 0 } as const;
  const note = shownNote(view);
  const lines = [
    headOf(view),
    ...shownAgents(view).map(agentText),
    ...(note === "" ? [] : [`> ${plainLine(note, 400)}`]),
    ...waitingLines(view),
    ...previewText(view),
  ];
  const components = [...buttonRows(mark, buttonsOf(view)), ...waitingMenu(view, mark)];
  return { content: fit(lines), components };
}

const hasMenu = (view: StatusView): boolean =>
  !hasEnded(view) && view.phase !== "posting" && view.waiting.length > MOST_WAITING;

function waitingLines(view: StatusView): readonly string[] {
  if (hasEnded(view)) return [];
  return view.waiting.length > MOST_WAITING
    ? [`📨 ${formatCount(view.waiting.length, "message")} waiting`]
    : view.waiting.map(waitingText);
}

function waitingMenu(view: StatusView, mark: DeliveryMark): Components {
  if (!hasMenu(view)) return [];
  const options = view.waiting.slice(0, MOST_IN_MENU).flatMap(({ id, author, excerpt }) => {
    const what = `${author === "" ? "a message" : author}: ${excerpt}`;
    return [
      { label: cutLine(`Add now: ${what}`, 100), value: `steer ${id}` },
      { label: cutLine(`Start over: ${what}`, 100), value: `restart ${id}` },
    ];
  });
  const menu = {
    type: ComponentType.StringSelect,
    custom_id: formatPress({ mark, action: "waiting", about: "" }),
    placeholder: "Use one of them now…",
    options,
  };
  return [{ type: ComponentType.ActionRow, components: [menu] }];
}

const headOf = (view: StatusView): string =>
  `${isOver(view.phase) ? ENDED[view.phase] : ""}**${escapeName(view.team)}** ${plainLine(phaseWords(view), 200)}`;

const isOver = (phase: StatusView["phase"]): phase is keyof typeof ENDED =>
  Object.hasOwn(ENDED, phase);

/** One line of plain text, with moments in the reader's time zone. */
const plainLine = (text: string, most: number): string =>
  withMoments(escapeName(cutLine(text.replaceAll(/\s+/g, " "), most)));

function buttonsOf(view: StatusView): readonly (readonly Button[])[] {
  if (view.phase === "posting") return [[DETAILS]];
  if (!hasEnded(view)) {
    const now = view.answers > 0 ? [FINISH] : [];
    return [[...now, STOP, DETAILS], ...waitingButtons(view)];
  }
  if (view.phase !== "stopped") return [[DETAILS]];
  return view.isReplaced ? [] : [[...(view.answers > 0 ? [POST_BEST] : []), WHY, RETRY]];
}

const STOP: Button = { label: "Stop", action: "stop", style: "danger" };
const DETAILS: Button = { label: "Details", action: "details" };
const FINISH: Button = { label: "Answer now", action: "finish", style: "primary" };
const POST_BEST: Button = { label: "Post the best so far", action: "finish", style: "primary" };

const agentText = (agent: AgentLine): string =>
  `- **${escapeName(agent.name)}** ${plainLine(doingWords(agent), 160)}`;

const waitingText = ({ author, excerpt }: WaitingMessage): string =>
  `📨 waits: ${escapeName(author)}: ${escapeName(cutLine(excerpt, 80))}`;

const waitingButtons = (view: StatusView): readonly (readonly Button[])[] =>
  (hasMenu(view) ? [] : view.waiting).map(({ id, excerpt }) => [
    { label: `Add now: ${cutLine(excerpt, 40)}`, action: "steer", about: id },
    { label: "Start over with it", action: "restart", about: id },
  ]);

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

/** Drops lines of a very large team. */
function fit(lines: readonly string[]): string {
  const kept = [...lines];
  while (kept.join("\n").length > MESSAGE_LIMIT && kept.length > 1) kept.pop();
  return kept.join("\n").slice(0, MESSAGE_LIMIT);
}
