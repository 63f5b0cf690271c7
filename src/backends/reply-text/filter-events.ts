import type { BackendEvent } from "../backend.ts";
import { createReplyFilter } from "./reply-filter.ts";
import type { ReplyPiece } from "./scan.ts";

/**
 * What is known of a model's thoughts, for all its calls. `lone`: whether their end may come in the text without their beginning, because the
 * chat template wrote it. While that is possible, text is tentative.
 */
export interface ThoughtHabit {
  lone: "unknown" | "never" | "always";
}

/** `trusted`: the provider's own API, which keeps thoughts apart. */
export const createThoughtHabit = (trusted: boolean): ThoughtHabit => ({
  lone: trusted ? "never" : "unknown",
});

/** Turns a backend's events into those that people and reviewers may see. */
export interface EventFilter {
  take(event: BackendEvent): readonly BackendEvent[];
}

export function createEventFilter(habit: ThoughtHabit): EventFilter {
  const filter = createReplyFilter();
  const written: ReplyPiece[] = [];
  let isOpen = habit.lone !== "never";
  let called = false;
  let retracted = false;

  function show(piece: ReplyPiece): readonly BackendEvent[] {
    if (piece.type === "tool_call") {
      written.push(piece);
      return [{ type: "alive", written: piece.arguments }];
    }
    if (piece.type === "retracted") {
      retracted = true;
      isOpen = false;
      habit.lone = "always";
    } else if (piece.type === "thinking") isOpen = false;
    return piece.type === "text" && isOpen ? [{ ...piece, tentative: true }] : [piece];
  }

  function end(done: Extract<BackendEvent, { type: "done" }>): readonly BackendEvent[] {
    const rest = filter.end().flatMap(show);
    if (habit.lone === "unknown" && !retracted) habit.lone = "never";
    // Calls in the text count only if the server made none of them itself.
    const calls = called ? [] : written.filter((piece) => piece.type === "tool_call");
    const finish = calls.length > 0 && done.finish === "stop" ? "tool" : done.finish;
    return [...rest, ...calls, { ...done, finish }];
  }

  return {
    take(event) {
      if (event.type === "text") {
        const pieces = filter.push(event.text).flatMap(show);
        return pieces.length > 0 ? pieces : [{ type: "alive" }];
      }
      if (event.type === "thinking") {
        isOpen = false;
        filter.noteThought();
      }
      if (event.type === "tool_call") called = true;
      return event.type === "done" ? end(event) : [event];
    },
  };
}
