import type { Outgoing } from "../../../src/platform.ts";
import { cleanLine } from "../../../src/text/clean-text.ts";
import type { Steps } from "../../../src/slices.ts";
import { hasEnded, type StatusView } from "../../../src/progress/status-view.ts";
import { renderRecord } from "../render/render-board.ts";
import { renderingFinal, renderingFinalEnd, writerLine } from "../render/render-final.ts";
import { renderingMarkdown, renderMarkdown } from "../render/render-markdown.ts";
import { localMoments } from "../render/local-moments.ts";
import { renderNote } from "../render/render-thread.ts";
import type { BoardLook } from "../render/look.ts";
import type { Room } from "../room.ts";
import type { Boards } from "../screen/boards.ts";
import type { Stage } from "../screen/stage.ts";
import type { Activity } from "./activity.ts";
import type { Streams } from "./streams.ts";

export interface ShowDeps {
  readonly stage: Stage;
  readonly boards: Boards;
  readonly activity: Activity;
  readonly streams: Streams;
  readonly room: Pick<Room, "name" | "hasVisited">;
}

/** Shows a posted or edited message; of other threads that were opened here, only that there is an answer. */
export function showContent(deps: ShowDeps, thread: string, content: Outgoing, isNew: boolean) {
  if (content.kind === "status") showStatus(deps, thread, content.view);
  else if (isNew && content.kind === "final") showFinal(deps, thread, content);
  else if (isNew && content.kind === "note") showNote(deps, thread, content);
  deps.stage.redraw();
}

function showStatus(deps: ShowDeps, thread: string, view: StatusView): void {
  const { activity, boards } = deps;
  if (hasEnded(view)) activity.ended(thread);
  else activity.statusShown(thread);
  printRecord(deps, thread, boards.show(thread, view));
}

/** What remains of a turn. A lone agent's answer, or one that has streamed, says enough itself. */
function printRecord(
  { stage, streams, room }: Pick<ShowDeps, "stage" | "streams" | "room">,
  thread: string,
  view: StatusView | undefined,
): void {
  if (!view || thread !== room.name()) return;
  const isLone = view.agents.length < 2 || streams.full(thread)?.text.isBegun() === true;
  if (view.phase === "answered" && isLone) return;
  stage.print(["", ...renderRecord(view, stage.look())]);
  const isLost = view.phase === "stopped" && view.agents.some(({ revision }) => revision > 0);
  if (isLost) stage.print(renderNote("/finish posts the best answer so far.", stage.look()));
}

type Final = Extract<Outgoing, { kind: "final" }>;

function showFinal(deps: ShowDeps, thread: string, content: Final): void {
  const { stage, boards, room, streams } = deps;
  printRecord(deps, thread, boards.settle(thread, content.view.turn));
  if (thread !== room.name()) {
    const name = cleanLine(thread);
    const line = `${content.view.footer.presenter} answered in thread ${name}: /open ${name}`;
    if (room.hasVisited(thread)) stage.print(renderNote(line, stage.look()));
    return;
  }
  const streamed = streams.full(thread)?.text;
  stage.printLater(renderingAnswer(content, streamed, stage.look()));
}

/** The answer, or what it adds to the text that has streamed. */
function renderingAnswer(
  { view, text: part, file, chunk, chunks }: Final,
  streamed: { isBegun(): boolean; restOf(final: string): string | undefined } | undefined,
  look: BoardLook,
): Steps<readonly string[]> {
  const text = file?.text ?? part;
  if (chunk < chunks - 1) return renderingMarkdown(text, look);
  if (!streamed?.isBegun()) return renderingFinal({ ...view, text }, look);
  const rest = streamed.restOf(text);
  if (rest !== undefined) return renderingFinalEnd({ ...view, text: rest }, look);
  return renderingChanged(renderingFinal({ ...view, text }, look), look);
}

function* renderingChanged(
  answer: Steps<readonly string[]>,
  look: BoardLook,
): Steps<readonly string[]> {
  const note = renderNote("The text changed when it was finished. The answer is:", look);
  return [...note, "", ...(yield* answer)];
}

/** Prints the blocks of a streaming answer that are complete. */
export function printStreamed(
  { stage, boards, streams, room }: Omit<ShowDeps, "activity">,
  thread: string,
): void {
  const full = streams.full(thread);
  if (!full || thread !== room.name()) return;
  const isFirst = !full.text.isBegun();
  const ready = full.text.takeReady();
  if (ready.trim() === "") return;
  const look = stage.look();
  if (isFirst) {
    const agents = boards.live(thread)?.view.agents ?? [];
    const name = agents.find(({ agent }) => agent === full.agent)?.name ?? full.agent;
    stage.print(["", writerLine(full.agent, name, look)]);
  }
  const isLong = ready.length > LONG_TEXT;
  if (isLong) stage.printLater(renderingMarkdown(ready, look));
  else stage.print(["", ...renderMarkdown(ready, look)]);
}

/** A longer text takes so long to lay out that keys would wait. */
const LONG_TEXT = 5_000;

function showNote(
  { stage, room }: ShowDeps,
  thread: string,
  { text, failed }: Extract<Outgoing, { kind: "note" }>,
): void {
  if (!room.hasVisited(thread)) return;
  const where = thread === room.name() ? "" : `[${cleanLine(thread)}] `;
  const again = failed === undefined ? "" : " /retry asks again.";
  stage.print(renderNote(`${where}${localMoments(text)}${again}`, stage.look()));
}
