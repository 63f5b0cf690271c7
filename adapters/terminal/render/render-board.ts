import type { AgentLine } from "../../../src/progress/agent-line.ts";
import { formatCount, formatDuration, formatTokens } from "../../../src/progress/format.ts";
import { headline, joinFacts } from "../../../src/adapter-kit/text/plain-layout.ts";
import { cleanLine } from "../../../src/text/clean-text.ts";
import { hasEnded, type StatusView } from "../../../src/progress/status-view.ts";
import { cutToWidth, padToWidth, widthOf } from "./lines.ts";
import type { BoardLook, Look } from "./look.ts";
import { localMoments } from "./local-moments.ts";

/** What changes between two views of a turn. */
export interface BoardTick {
  /** Milliseconds since the view was created. */
  readonly sinceMs: number;
  /** The spinner's frame; counts up while a turn runs. */
  readonly frame: number;
  /** Maximum number of lines. */
  readonly rows: number;
}

const SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
const ENDED = { answered: "✔", stopped: "■", failed: "✗" } as const;

/** A turn's status in at most `tick.rows` lines, none wider than the terminal. */
export function renderBoard(view: StatusView, look: BoardLook, tick: BoardTick): string[] {
  const shown = { ...tick, sinceMs: hasEnded(view) ? 0 : tick.sinceMs };
  const below = [...tallyLine(view, look), ...noteLines(view, look)];
  const agents = agentLines(view, look, shown, Math.max(1, tick.rows - 1 - below.length));
  return [headLine(view, look, shown), ...agents, ...below]
    .slice(0, Math.max(1, tick.rows))
    .map((line) => cutToWidth(line, look.columns - 1));
}

function headLine(view: StatusView, look: BoardLook, tick: BoardTick): string {
  const facts = joinFacts([
    headline(view, look.paint("bold", cleanLine(view.team)), tick.sinceMs),
    view.queued > 0 ? look.paint("yellow", `${view.queued} queued`) : "",
  ]);
  return `${phaseGlyph(view, look, tick)} ${facts}`;
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
  const all = view.agents;
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

function agentRow(agent: AgentLine, look: BoardLook, tick: BoardTick, width: number): string {
  const colour = look.agentColour(agent.agent);
  const glyph = glyphOf(agent, tick);
  const elapsed = isActive(agent) ? formatDuration(agent.elapsedMs + tick.sinceMs) : "";
  const cells = [
    look.paint(agent.status === "failed" ? "red" : colour, glyph),
    look.paint("bold", agent.label ?? " "),
    look.paint(colour, padToWidth(cutToWidth(cleanLine(agent.name), width), width)),
    statusCell(agent, look),
    padToWidth(agent.revision > 0 ? `r${agent.revision}` : "", 3),
    padToWidth(elapsed, 6, "right"),
    padToWidth(agent.tokens > 0 ? formatTokens(agent.tokens) : "", 5, "right"),
    agent.note === null ? "" : look.paint("dim", cleanLine(localMoments(agent.note))),
  ];
  return `  ${cells.join(" ")}`.trimEnd();
}

function glyphOf(agent: AgentLine, tick: BoardTick): string {
  const { status } = agent;
  if (status === "answering" || status === "reviewing" || status === "presenting")
    return spinner(tick);
  return GLYPHS[status];
}

function statusCell({ status }: AgentLine, look: BoardLook): string {
  const text = padToWidth(status, 10);
  if (status === "failed") return look.paint("red", text);
  if (status === "retrying") return look.paint("yellow", text);
  return status === "waiting" || status === "queued" ? look.paint("dim", text) : text;
}

function tallyLine(view: StatusView, look: BoardLook): readonly string[] {
  if (view.tally.length === 0) return [];
  const standing = view.tally.map(({ agent, label, name, text, leads }) => {
    const who = look.paint(look.agentColour(agent), `${label} ${cleanLine(name)}`);
    return `${leads ? "▸ " : ""}${who} ${leads ? look.paint("bold", text) : text}`;
  });
  return [`  ${look.paint("dim", "tally")} ${standing.join(" · ")}`];
}

const noteLines = (view: StatusView, look: Look): readonly string[] =>
  view.note === "" ? [] : [`  ${look.paint("yellow", cleanLine(localMoments(view.note)))}`];
