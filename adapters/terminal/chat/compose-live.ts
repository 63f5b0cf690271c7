import { formatCount } from "../../../src/progress/format.ts";
import { cleanLine } from "../../../src/text/clean-text.ts";
import { renderBoard } from "../render/render-board.ts";
import { renderMarkdown } from "../render/render-markdown.ts";
import { cutToWidth, padToWidth, widthOf } from "../render/lines.ts";
import { formatBytes } from "../../../src/adapter-kit/own-threads/attachments.ts";
import type { FileRecord } from "../../../src/adapter-kit/own-threads/thread-record.ts";
import type { LiveBoard } from "./boards.ts";
import type { Draft } from "./draft.ts";
import type { Interrupt } from "./interrupt.ts";
import { layoutDraft } from "./layout-draft.ts";
import type { Live } from "./screen.ts";
import type { BoardLook, Look } from "../render/look.ts";

/** Everything that the live area shows. */
export interface ChatView {
  readonly board: LiveBoard | undefined;
  readonly draft: Draft;
  readonly candidates: readonly string[];
  readonly files: readonly FileRecord[];
  readonly interrupt: ReturnType<Interrupt["state"]>;
  readonly running: boolean;
  /** Turns in other threads. */
  readonly elsewhere: number;
  readonly thread: string;
  /** Who answers here; "" if unknown. */
  readonly about: string;
}

const PROMPT = "› ";
const MOST_INPUT_ROWS = 8;

/** The bottom of the screen: preview, board, input, hint. Never more rows than fit. */
export function composeLive(view: ChatView, look: BoardLook, rows: number): Live {
  const room = Math.max(3, rows - 1);
  const input = layoutDraft(view.draft, look.columns - 3, Math.min(MOST_INPUT_ROWS, room - 2));
  const below = belowInput(view, look, Math.max(1, Math.min(4, room - input.rows.length - 2)));
  const left = room - input.rows.length - below.length - 2;
  const above = view.board && left > 1 ? boardRows(view.board, look, left) : [];
  const spaced = ["", ...above, ...(above.length > 0 ? [""] : [])];
  return {
    rows: [...spaced, ...input.rows.map((row, y) => promptAt(y, look) + row), ...below],
    cursor: {
      row: spaced.length + input.cursor.row,
      column: PROMPT.length + input.cursor.column,
    },
  };
}

const promptAt = (y: number, look: Look): string =>
  y === 0 ? look.paint("cyan", PROMPT) : " ".repeat(PROMPT.length);

/** The board, and above it the end of the streaming answer, as much as fits. */
function boardRows(board: LiveBoard, look: BoardLook, rows: number): readonly string[] {
  const lines = renderBoard(board.view, look, { ...board, rows });
  const room = rows - lines.length - 1;
  if (board.view.preview === "" || room < 1) return lines;
  const preview = renderMarkdown(endOf(board.view.preview), { ...look, columns: look.columns - 1 });
  return [...preview.slice(-room), "", ...lines];
}

/** Limits a long text to what a screen can show, because it is rendered again with each chunk. */
function endOf(text: string): string {
  if (text.length <= LONGEST_PREVIEW) return text;
  const end = text.slice(-LONGEST_PREVIEW);
  return end.slice(end.indexOf("\n") + 1).toWellFormed();
}

const LONGEST_PREVIEW = 6_000;

function belowInput(view: ChatView, look: Look, rows: number): readonly string[] {
  const files = view.files.map(({ name, bytes }) => `+ ${cleanLine(name)} (${formatBytes(bytes)})`);
  const attached = files.length > 0 ? [look.paint("green", `  ${files.join("  ")}`)] : [];
  const width = look.columns - 4;
  const lines =
    view.candidates.length > 0 ? columnsOf(view.candidates, width, rows) : [hint(view, width)];
  return [...attached, ...lines.map((line) => look.paint("dim", `  ${line}`))].map((line) =>
    cutToWidth(line, look.columns - 1),
  );
}

/** Candidates in columns, with the number of those that do not fit. */
function columnsOf(candidates: readonly string[], width: number, rows: number): readonly string[] {
  const cell = Math.max(...candidates.map((candidate) => widthOf(cleanLine(candidate)))) + 2;
  const perRow = Math.max(1, Math.floor(width / cell));
  const most = perRow * rows;
  const fitting = candidates.length > most ? candidates.slice(0, most - 1) : candidates;
  const more = candidates.length - fitting.length;
  const cells = [...fitting.map(cleanLine), ...(more > 0 ? [`… ${more} more`] : [])];
  return Array.from({ length: Math.ceil(cells.length / perRow) }, (_, y) =>
    cells
      .slice(y * perRow, (y + 1) * perRow)
      .map((text) => padToWidth(text, cell))
      .join("")
      .trimEnd(),
  );
}

/** The team, the thread and the keys; on a narrow terminal only the keys. */
function hint(view: ChatView, width: number): string {
  if (view.interrupt === "leaving") return "Ctrl-C again quits";
  if (view.interrupt === "stopping") return "stopping the turn … Ctrl-C again quits";
  const place = [cleanLine(view.about), cleanLine(view.thread)];
  const others =
    view.elsewhere > 0 ? `${formatCount(view.elsewhere, "turn")} in other threads` : "";
  const keys = view.running ? "Ctrl-C stops the turn" : "/help · Ctrl-J new line · Ctrl-C quits";
  const lines = [[...place, others, keys], [others, keys], [keys]].map((parts) =>
    parts.filter((part) => part !== "").join(" · "),
  );
  return lines.find((line) => widthOf(line) <= width) ?? keys;
}
