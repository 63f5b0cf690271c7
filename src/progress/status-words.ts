import type { AgentLine, AgentStatus } from "./agent-line.ts";
import { formatDuration } from "./format.ts";
import { hasEnded, type StatusView } from "./status-view.ts";

const DOING: Readonly<Record<AgentStatus, string>> = {
  waiting: "is waiting",
  queued: "is queued",
  answering: "is writing",
  answered: "has answered",
  reviewing: "is reviewing",
  voted: "has voted",
  presenting: "is writing the final answer",
  retrying: "tries again",
  failed: "is out",
};

/** What an agent does: "is reviewing", "is out: the provider is overloaded", "is queued for a free call slot". */
export function doingWords({ status, note }: Pick<AgentLine, "status" | "note">): string {
  if (note === null) return DOING[status];
  return `${DOING[status]}${/^(?:for|in) /.test(note) ? " " : ": "}${note}`;
}

const DOES = {
  queued: DOING.queued,
  routing: "is deciding who answers",
  answering: "is answering",
  reviewing: "is comparing the answers",
  presenting: "is writing the final answer",
  posting: "is posting the answer",
  failed: "has no answer",
} as const;

/** What follows the team's name: "is answering · 8s", "answered in 12s", "stopped by Ada · 12s", "has no answer". `sinceMs`: the view's age. */
export function phaseWords(view: StatusView, sinceMs = 0): string {
  const { phase, note } = view;
  const ms = view.elapsedMs + sinceMs;
  const time = formatDuration(ms);
  // Nothing edits the status of a turn that waits to start, so a time would stand still.
  if (phase === "queued" && ms === 0) return DOES.queued;
  if (phase === "answered") return `answered in ${time}`;
  if (phase === "stopped") return `${note || "stopped"} · ${time}`;
  return phase === "failed"
    ? DOES.failed
    : `${isQueued(view) ? DOING.queued : DOES[phase]} · ${time}`;
}

/** Nobody is at work: every call waits for room. */
function isQueued({ agents }: StatusView): boolean {
  const busy = agents.filter(({ status }) => !RESTING.has(status));
  return busy.length > 0 && busy.every(({ status }) => status === "queued");
}

const RESTING: ReadonlySet<AgentStatus> = new Set(["waiting", "answered", "voted", "failed"]);

/** The note that has a line of its own: the headline of a stopped turn tells why. */
export const shownNote = ({ phase, note }: Pick<StatusView, "phase" | "note">): string =>
  phase === "stopped" ? "" : note;

/**
 * The agents that have a line of their own: none before the first one has begun, nor in the line that remains of a finished turn. A lone agent
 * has one while it does not write.
 */
export function shownAgents(view: StatusView): readonly AgentLine[] {
  const { agents, isSolo, after } = view;
  const isLine = hasEnded(view) && after !== "keep";
  if (isLine || agents.every(({ status }) => status === "waiting")) return [];
  return isSolo ? agents.filter(({ note }) => note !== null) : agents;
}
