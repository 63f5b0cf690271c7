import type { AgentLine } from "../../../src/progress/agent-line.ts";
import type { StatusView } from "../../../src/progress/status-view.ts";
import { cleanLine, cleanText } from "../../../src/text/clean-text.ts";
import { keepStyles } from "../render/styles.ts";
import { createAgentColours } from "../render/agent-colours.ts";
import { createLook } from "../render/paint.ts";
import { plainFooter, renderFinal, type ShownFinal } from "../render/render-final.ts";
import { renderReply } from "../render/render-reply.ts";
import type { Report } from "./report.ts";

export interface TextReportOptions {
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly error: NodeJS.WritableStream;
  readonly colour: boolean;
}

// What a file of plain text is commonly wrapped to.
const PIPE_COLUMNS = 80;

/** Answers on the output, in Markdown when it is no terminal; all else on the error stream. */
export function createTextReport({ output, error, colour }: TextReportOptions): Report {
  const isTerminal = output.isTTY === true;
  const look = {
    ...createLook(output.columns ?? PIPE_COLUMNS, colour && isTerminal),
    agentColour: createAgentColours(),
  };
  const seen = new Map<string, string>();
  const log = (text: string) => void error.write(`parley: ${cleanLine(text)}\n`);
  const out = (lines: readonly string[]) =>
    void output.write(`${lines.map(keepStyles).join("\n")}\n\n`);
  return {
    show(_thread, content) {
      if (content.kind === "note") log(content.text);
      else if (content.kind === "status") changes(content.view, seen).forEach(log);
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

/** What is new about the agents since the last view of the same turn. */
function changes(view: StatusView, seen: Map<string, string>): readonly string[] {
  return view.agents.flatMap((agent) => {
    const key = `${view.turn}/${agent.agent}`;
    const now = formatAgent(agent);
    if (agent.status === "waiting" || seen.get(key) === now) return [];
    seen.set(key, now);
    return [now];
  });
}

function formatAgent({ name, label, status, revision, note }: AgentLine): string {
  const standing = revision > 0 ? ` (${label ?? "?"}, revision ${revision})` : "";
  return `${name} ${status}${standing}${note === null ? "" : `: ${note}`}`;
}
