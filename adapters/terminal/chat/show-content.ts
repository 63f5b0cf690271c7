import type { Outgoing } from "../../../src/platform.ts";
import { cleanLine } from "../../../src/text/clean-text.ts";
import { hasEnded, type StatusView } from "../../../src/progress/status-view.ts";
import { renderBoard } from "../render/render-board.ts";
import { renderingFinal } from "../render/render-final.ts";
import { renderingMarkdown } from "../render/render-markdown.ts";
import { localMoments } from "../render/local-moments.ts";
import { renderNote } from "../render/render-thread.ts";
import type { Room } from "../room.ts";
import type { Activity } from "./activity.ts";
import type { Boards } from "./boards.ts";
import type { Stage } from "./stage.ts";

export interface ShowDeps {
  readonly stage: Stage;
  readonly boards: Boards;
  readonly activity: Activity;
  readonly room: Room;
}

/** Shows a posted or edited message; of other threads, only that there is an answer. */
export function showContent(deps: ShowDeps, thread: string, content: Outgoing, isNew: boolean) {
  if (content.kind === "status") showStatus(deps, thread, content.view);
  else if (isNew && content.kind === "final") showFinal(deps, thread, content);
  else if (isNew && content.kind === "note") showNote(deps, thread, content);
  deps.stage.redraw();
}

function showStatus(deps: ShowDeps, thread: string, view: StatusView): void {
  if (hasEnded(view)) deps.activity.ended(thread);
  else deps.activity.statusShown(thread);
  printRecord(deps, thread, deps.boards.show(thread, view));
}

/** Prints the board of a turn that has ended. */
function printRecord({ stage, room }: ShowDeps, thread: string, view: StatusView | undefined) {
  if (!view || thread !== room.name()) return;
  stage.print(["", ...renderBoard(view, stage.look(), { sinceMs: 0, frame: 0, rows: Infinity })]);
}

function showFinal(
  deps: ShowDeps,
  thread: string,
  content: Extract<Outgoing, { kind: "final" }>,
): void {
  const { stage, boards, room } = deps;
  printRecord(deps, thread, boards.settle(thread, content.view.turn));
  if (thread !== room.name()) {
    const name = cleanLine(thread);
    const line = `${content.view.footer.presenter} answered in thread ${name}: /open ${name}`;
    stage.print(renderNote(line, stage.look()));
    return;
  }
  const isLast = content.chunk === content.chunks - 1;
  const text = content.file?.text ?? content.text;
  stage.printLater(
    isLast
      ? renderingFinal({ ...content.view, text }, stage.look())
      : renderingMarkdown(text, stage.look()),
  );
}

function showNote(
  { stage, room }: ShowDeps,
  thread: string,
  { text, failed }: Extract<Outgoing, { kind: "note" }>,
): void {
  const where = thread === room.name() ? "" : `[${cleanLine(thread)}] `;
  const again = failed === undefined ? "" : " /retry asks again.";
  stage.print(renderNote(`${where}${localMoments(text)}${again}`, stage.look()));
}
