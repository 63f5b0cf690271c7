import { noTurnSummary } from "../../../src/progress/turn-summary.ts";
import { cleanLine } from "../../../src/text/clean-text.ts";
import type { Threads } from "../../../src/adapter-kit/own-threads/threads.ts";
import type { Report } from "./report.ts";

interface JsonReportOptions extends Pick<Threads, "conversationOf"> {
  readonly output: NodeJS.WritableStream;
  readonly error: NodeJS.WritableStream;
}

/** Events as JSON lines, and one summary a turn. */
export function createJsonReport({ output, error, conversationOf }: JsonReportOptions): Report {
  // JSON escapes control characters itself: nothing in it can reach a terminal raw but C1 controls.
  const line = (value: object) => void output.write(`${escapeC1(JSON.stringify(value))}\n`);
  let notes: readonly string[] = [];
  return {
    show(thread, content) {
      if (content.kind !== "note") return;
      notes = [...notes, content.text];
      line({ type: "note", conversation: conversationOf(thread), text: content.text });
    },
    turnEvent: (conversation, event, { turn }) => line({ ...event, turn, conversation }),
    reply: (command, reply) => line({ type: "command_reply", command, ...reply }),
    turnDone(conversation, summary) {
      line(summary ?? noTurnSummary(conversation, notes));
      notes = [];
    },
    problem(text) {
      notes = [...notes, text];
      error.write(`parley: ${cleanLine(text)}\n`);
    },
  };
}

const escapeC1 = (json: string): string =>
  json.replace(/[\u007F-\u009F]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
