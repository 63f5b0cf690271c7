import type { CommandReply } from "../../../src/reply.ts";
import type { ConversationId } from "../../../src/ids.ts";
import { type TurnSummary, noTurnSummary } from "../../../src/progress/turn-summary.ts";
import type { Front } from "../front.ts";
import { doingWords } from "../../../src/progress/status-words.ts";
import type { AgentLine } from "../../../src/progress/agent-line.ts";
import type { StatusView } from "../../../src/progress/status-view.ts";
import { cleanLine, cleanText } from "../../../src/text/clean-text.ts";
import { keepStyles } from "../render/lines.ts";
import { createAgentColours, createLook } from "../render/look.ts";
import { plainFooter, renderFinal, type ShownFinal } from "../render/render-final.ts";
import { renderReply } from "../render/render-reply.ts";
import type { Threads } from "../../../src/adapter-kit/own-threads/threads.ts";

/** How a script learns what happens. */
export interface Report extends Pick<Front, "show" | "turnEvent"> {
  reply(command: string, reply: CommandReply): void;
  /** A turn ended; null: a message started no turn. */
  turnDone(conversation: ConversationId, summary: TurnSummary | null): void;
  /** A line for the log. */
  problem(text: string): void;
}

export interface TextReportOptions {
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly error: NodeJS.WritableStream;
  readonly colour: boolean;
}

// The usual width of plain text.
const PIPE_COLUMNS = 80;

/** Writes answers to the output, as Markdown if it is no terminal, and everything else to the error stream. */
export function createTextReport({ output, error, colour }: TextReportOptions): Report {
  const isTerminal = output.isTTY === true;
  const look = {
    ...createLook(output.columns ?? PIPE_COLUMNS, colour && isTerminal),
    agentColour: createAgentColours(),
  };
  const logged = new Map<string, string>();
  const log = (text: string) => void error.write(`parley: ${cleanLine(text)}\n`);
  const out = (lines: readonly string[]) =>
    void output.write(`${lines.map(keepStyles).join("\n")}\n\n`);
  return {
    show(_thread, content) {
      if (content.kind === "note") log(content.text);
      else if (content.kind === "status") changes(content.view, logged).forEach(log);
      else {
        const final = { ...content.view, text: content.file?.text ?? content.text };
        out(isTerminal ? renderFinal(final, look) : plainFinal(final));
      }
    },
    turnEvent: () => undefined,
    turnDone: () => undefined,
    reply: (_command, reply) => (reply.ok ? out : toLog(log))(renderReply(reply, look)),
    problem: log,
  };
}

const toLog = (log: (text: string) => void) => (lines: readonly string[]) =>
  lines.filter((line) => line !== "").forEach((line) => log(line));

const plainFinal = (final: ShownFinal): readonly string[] => [
  ...cleanText(final.text).trimEnd().split("\n"),
  "",
  ...plainFooter(final),
];

/** What changed about the agents since the turn's last view. */
function changes(view: StatusView, logged: Map<string, string>): readonly string[] {
  return view.agents.flatMap((agent) => {
    const key = `${view.turn}/${agent.agent}`;
    const now = formatAgent(agent);
    if (agent.status === "waiting" || logged.get(key) === now) return [];
    logged.set(key, now);
    return [now];
  });
}

/** "Ada is reviewing", "Ada has answered (version 2)". */
function formatAgent(agent: AgentLine): string {
  const version = agent.revision > 1 ? ` (version ${agent.revision})` : "";
  return `${agent.name} ${doingWords(agent)}${version}`;
}

interface JsonReportOptions extends Pick<Threads, "conversationOf"> {
  readonly output: NodeJS.WritableStream;
  readonly error: NodeJS.WritableStream;
}

/** Events as JSON lines, and a summary per turn. */
export function createJsonReport({ output, error, conversationOf }: JsonReportOptions): Report {
  // JSON escapes all control characters except C1.
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
