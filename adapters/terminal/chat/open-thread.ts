import { formatCount } from "../../../src/progress/format.ts";
import { cleanLine } from "../../../src/text/clean-text.ts";
import type { BoardLook } from "../render/render-board.ts";
import { renderMessages } from "../render/render-thread.ts";
import type { Thread } from "../../../src/adapter-kit/own-threads/thread.ts";
import { createPromptHistory, type PromptHistory } from "./prompt-history.ts";

// About what fits on a tall screen; the rest is in the terminal's data folder.
const RECENT_MESSAGES = 8;

/** What stands above the input when a thread is opened: its name and its latest messages. */
export function renderOpened(thread: Thread, look: BoardLook): string[] {
  const spoken = thread.messages().filter(({ mark }) => mark?.kind !== "status");
  const earlier = spoken.length - RECENT_MESSAGES;
  const kind = spoken.length === 0 ? "new thread" : "thread";
  return [
    "",
    look.paint("dim", `── ${kind} ${cleanLine(thread.name)} ──`),
    ...(earlier > 0 ? [look.paint("dim", `   … ${formatCount(earlier, "earlier message")}`)] : []),
    ...renderMessages(spoken.slice(-RECENT_MESSAGES), look),
  ];
}

/** The arrow keys go through what the person wrote in this thread. */
export const historyOf = (thread: Thread | undefined): PromptHistory =>
  createPromptHistory(
    (thread?.messages() ?? []).filter(({ author }) => author.kind === "person").map((m) => m.text),
  );
