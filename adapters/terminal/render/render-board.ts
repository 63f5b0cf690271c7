import type { AgentLine } from "../../../src/progress/agent-line.ts";
import { formatCount, formatDuration } from "../../../src/progress/format.ts";
import { headline, joinFacts } from "../../../src/adapter-kit/text/plain-layout.ts";
import { cleanLine } from "../../../src/text/clean-text.ts";
import { hasEnded, type StatusView } from "../../../src/progress/status-view.ts";
import { doingWords, shownAgents, shownNote } from "../../../src/progress/status-words.ts";
import { cutToWidth, graphemes, padToWidth, widthOf, wrapProse } from "./lines.ts";
import type { BoardLook, Look } from "./look.ts";
import { localMoments } from "./local-moments.ts";

/** What changes between two views of a turn. */
export interface BoardTick {
  /** Milliseconds since the view was created. */
  readonly sinceMs: number;
  /** The spinner's frame; counts up while a turn runs. */
  readonly frame: number;
  /** What each agent is writing, or the end of it. */
  readonly texts: ReadonlyMap<string, string>;
  /** Maximum number of lines. */
  readonly rows: number;
}

const SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
const ENDED = { answered: "✔", stopped: "■", failed: "✗" } as const;

/** A turn's status in at most `tick.rows` lines, none wider than the terminal. */
export function renderBoard(view: StatusView, look: BoardLook, tick: BoardTick): string[] {
  const shown = { ...tick, sinceMs: hasEnded(view) ? 0 : tick.sinceMs };
  const below = noteLines(view, look);
  const agents = agentLines(view, look, shown, Math.max(1, tick.rows - 1 - below.length));
  return [headLine(view, look, shown), ...agents, ...below]
    .slice(0, Math.max(1, tick.rows))
    .map((line) => cutToWidth(line, look.columns - 1));
}

/** What remains of a turn's status when it is over; `/why` has the rest. */
export function renderRecord(view: StatusView, look: BoardLook): string[] {
  const tick = { sinceMs: 0, frame: 0, texts: new Map(), rows: Infinity };
  return [headLine(view, look, tick), ...noteLines(view, look)].flatMap((line) =>
    wrapProse(line, look),
  );
}

function headLine(view: StatusView, look: BoardLook, tick: BoardTick): string {
  const head = headline(view, look.paint("bold", cleanLine(view.team)), tick.sinceMs);
  const queued = view.queued > 0 ? look.paint("yellow", `${view.queued} queued`) : "";
  return `${phaseGlyph(view, look, tick)} ${joinFacts([localMoments(head), queued])}`;
}

function phaseGlyph(view: StatusView, look: BoardLook, tick: BoardTick): string {
  if (view.phase === "answered") return look.paint("green", ENDED.answered);
  if (view.phase === "stopped") return look.paint("yellow", ENDED.stopped);
  if (view.phase === "failed") return look.paint("red", ENDED.failed);
  return look.paint("cyan", spinner(tick));
}

const spinner = ({ frame }: BoardTick): string => SPINNER[frame % SPINNER.length] ?? "·";

function agentLines(
  view: StatusView,
  look: BoardLook,
  tick: BoardTick,
  rows: number,
): readonly string[] {
  const all = shownAgents(view);
  const shown = all.length <= rows ? all : all.slice(0, Math.max(0, rows - 1));
  const width = Math.min(
    Math.max(4, ...all.map(({ name }) => widthOf(cleanLine(name)))),
    Math.max(8, Math.floor(look.columns / 4)),
  );
  const lines = shown.map((agent) => agentRow(agent, look, tick, width));
  const rest = all.length - shown.length;
  return rest > 0 ? [...lines, look.paint("dim", `  … ${formatCount(rest, "more agent")}`)] : lines;
}

const GLYPHS = {
  waiting: "·",
  queued: "◌",
  answered: "●",
  voted: "✔",
  failed: "✗",
  retrying: "↻",
} as const;

const isActive = ({ status }: AgentLine): boolean =>
  status === "queued" || (status.endsWith("ing") && status !== "waiting");

/** "⠋ Ada is reviewing 12s …what it writes". */
function agentRow(agent: AgentLine, look: BoardLook, tick: BoardTick, width: number): string {
  const colour = look.agentColour(agent.agent);
  const isBusy = isActive(agent);
  const words = cleanLine(localMoments(doingWords(agent)));
  const row = [
    ` ${look.paint(agent.status === "failed" ? "red" : colour, glyphOf(agent, tick))}`,
    look.paint(colour, padToWidth(cutToWidth(cleanLine(agent.name), width), width)),
    wordsCell(words, agent, look),
    ...(isBusy ? [formatDuration(agent.elapsedMs + tick.sinceMs)] : []),
  ].join(" ");
  const room = look.columns - 3 - widthOf(row);
  const text = isBusy ? endOfText(tick.texts.get(agent.agent), room) : "";
  return ` ${row} ${look.paint("dim", cleanLine(text))}`.trimEnd();
}

/** The end of what an agent is writing, in at most `width` columns; nothing for a reply in JSON, which only Parley reads. */
function endOfText(text: string | undefined, width: number): string {
  if (text === undefined || width < 8 || /^\s*(?:\{|```json)/.test(text.slice(0, 100))) return "";
  const line = cleanLine(text.slice(-4 * width));
  if (text.length <= 4 * width && widthOf(line) <= width) return line;
  let end = "";
  let left = width - 1;
  for (const grapheme of graphemes(line).toReversed()) {
    left -= widthOf(grapheme);
    if (left < 0) break;
    end = grapheme + end;
  }
  return `…${end}`;
}

function glyphOf(agent: AgentLine, tick: BoardTick): string {
  const { status } = agent;
  if (status === "answering" || status === "reviewing" || status === "presenting")
    return spinner(tick);
  return GLYPHS[status];
}

function wordsCell(words: string, { status }: AgentLine, look: BoardLook): string {
  if (status === "failed") return look.paint("red", words);
  if (status === "retrying") return look.paint("yellow", words);
  return status === "waiting" || status === "queued" ? look.paint("dim", words) : words;
}

function noteLines(view: StatusView, look: Look): readonly string[] {
  const note = shownNote(view);
  return note === "" ? [] : [`  ${look.paint("yellow", cleanLine(localMoments(note)))}`];
}
