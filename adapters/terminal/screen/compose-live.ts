import type { Draft } from "../input/draft.ts";
import { layoutDraft } from "../input/layout-draft.ts";
import { type BoardTick, renderBoard } from "../render/render-board.ts";
import { writerLine } from "../render/render-final.ts";
import { renderMarkdown } from "../render/render-markdown.ts";
import type { BoardLook, Look } from "../render/look.ts";
import { type Below, belowInput } from "./below-input.ts";
import type { LiveBoard } from "./boards.ts";
import type { Live } from "./screen.ts";

/** Everything that the live area shows. */
export interface ChatView extends Below {
  readonly board: LiveBoard | undefined;
  /** What the agents are writing. */
  readonly texts: BoardTick["texts"];
  /** The end of the text that streams in full, under its writer's name if there is one; undefined: no text does. */
  readonly streaming: { readonly writer: string | undefined; readonly text: string } | undefined;
  readonly draft: Draft;
}

const PROMPT = "› ";
const SEARCH = "search › ";
const MOST_INPUT_ROWS = 8;
const MOST_MENU_ROWS = 8;

/** The bottom of the screen: streaming text, board, input, menu or hint. Never more rows than fit. */
export function composeLive(view: ChatView, look: BoardLook, rows: number): Live {
  const room = Math.max(3, rows - 1);
  const prompt = view.query === undefined ? PROMPT : SEARCH;
  const shown =
    view.query === undefined
      ? view.draft
      : { ...view.draft, text: view.query, cursor: view.query.length, pastes: [] };
  const width = Math.max(1, look.columns - 1 - prompt.length);
  const input = layoutDraft(shown, width, Math.min(MOST_INPUT_ROWS, room - 2));
  const most = Math.max(1, Math.min(MOST_MENU_ROWS, room - input.rows.length - 2));
  const below = belowInput(view, look, most);
  const left = room - input.rows.length - below.length - 2;
  const above = view.board && left > 1 ? boardRows(view, view.board, look, left) : [];
  const spaced = ["", ...above, ...(above.length > 0 ? [""] : [])];
  return {
    rows: [...spaced, ...input.rows.map((row, y) => promptAt(y, prompt, look) + row), ...below],
    cursor: {
      row: spaced.length + input.cursor.row,
      column: prompt.length + input.cursor.column,
    },
  };
}

const promptAt = (y: number, prompt: string, look: Look): string =>
  y === 0 ? look.paint("cyan", prompt) : " ".repeat(prompt.length);

/** The board; or the end of the streaming text, as much as fits, above the board's first line. */
function boardRows(
  { texts, streaming }: Pick<ChatView, "texts" | "streaming">,
  board: LiveBoard,
  look: BoardLook,
  rows: number,
): readonly string[] {
  if (streaming === undefined) return renderBoard(board.view, look, { ...board, texts, rows });
  const head = renderBoard(board.view, look, { ...board, texts, rows: 1 });
  const room = rows - head.length - 1;
  if (streaming.text.trim() === "" || room < 1) return head;
  const { writer, text } = streaming;
  const name = board.view.agents.find(({ agent }) => agent === writer)?.name;
  const above = writer === undefined ? [] : [writerLine(writer, name ?? writer, look), ""];
  const lines = renderMarkdown(text, { ...look, columns: look.columns - 1 });
  return [...[...above, ...lines].slice(-room), "", ...head];
}
