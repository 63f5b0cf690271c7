import { cleanLine } from "../text/clean-text.ts";
import { isReplaced } from "../coordination/selectors.ts";
import { tally } from "../coordination/tally.ts";
import { certaintyView, type CertaintyView } from "./certainty-view.ts";
import type { Policy } from "../coordination/policy.ts";
import type { TurnState } from "../coordination/turn-state.ts";
import type { AgentId, TurnId } from "../ids.ts";
import { agentLine, type AgentLine } from "./agent-line.ts";
import { formatStop, isByDeletion } from "./failure-words.ts";
import { formatCount, formatScore } from "./format.ts";

export interface TallyLine {
  readonly label: string;
  readonly agent: AgentId;
  readonly name: string;
  /** Mean centred score (−10…10), or votes under `plurality`; null without scores. */
  readonly score: number | null;
  /** The formatted score: "+2.3", "2 votes", "–". */
  readonly text: string;
  readonly leads: boolean;
}

/** A message queued behind the running turn. */
export interface WaitingMessage {
  readonly id: string;
  readonly author: string;
  /** The start of its text, on one line. */
  readonly excerpt: string;
}

/** A turn's status while it runs, and the summary that remains afterwards. Plain data that every adapter renders. */
export interface StatusView {
  readonly turn: TurnId;
  /** The team's name for people. */
  readonly team: string;
  readonly phase:
    | "queued"
    | "routing"
    | "answering"
    | "reviewing"
    | "presenting"
    /** The answer is on its way to the thread: nothing can change it any more. */
    | "posting"
    | "answered"
    | "stopped"
    | "failed";
  readonly elapsedMs: number;
  /** The current review round; 0 during first answers. */
  readonly round: number;
  readonly agents: readonly AgentLine[];
  readonly tally: readonly TallyLine[];
  /** Absent: unknown so far, or equal answers do not count together. */
  readonly certainty?: CertaintyView;
  readonly tokens: number;
  /** How many of `tokens` are estimates for aborted calls; absent if none. */
  readonly estimated?: number | undefined;
  /** Null if a price is unknown. */
  readonly costUsd: number | null;
  /** The number of messages queued for this conversation. */
  readonly queued: number;
  /** Those messages, longest waiting first. `steer ID` and `restart ID` use them now. */
  readonly waiting: readonly WaitingMessage[];
  /** The streaming answer of a single agent; "" otherwise. */
  readonly preview: string;
  /** One agent answers alone: its text streams, and there is no board. */
  readonly isSolo: boolean;
  /** How many agents have an answer that could be posted. */
  readonly answers: number;
  /** What becomes of the status when the answer is posted. */
  readonly after: Policy["status"];
  /** Another turn took its place: there is nothing to do about this one. */
  readonly isReplaced: boolean;
  /** A line for people: "stopped by Ada", "all agents failed: …"; "" if none. */
  readonly note: string;
}

/** Whether the view shows a finished turn. */
export const hasEnded = ({ phase }: Pick<StatusView, "phase">): boolean =>
  phase === "answered" || phase === "stopped" || phase === "failed";

/** Whether the status goes, now that the answer is posted. */
export const isToBeDeleted = ({ phase, after }: Pick<StatusView, "phase" | "after">): boolean =>
  phase === "answered" && after === "delete";

/** Facts for the status that are not in the turn's events. */
export interface StatusExtra {
  /** The current running time, ms. The state's `now`, the time of the last event, wins if it is later. */
  readonly now?: number;
  readonly waiting?: readonly WaitingMessage[];
  readonly preview?: string;
  /** Its answer is not in the thread yet. */
  readonly isPosting?: boolean;
}

/** Builds a turn's status. Pure. */
export function statusView(state: TurnState, extra: StatusExtra = {}): StatusView {
  const now = Math.max(state.now, extra.now ?? 0);
  const certainty = certaintyView(state);
  return {
    turn: state.turn,
    team: cleanLine(state.title),
    phase: phaseOf(state, extra),
    elapsedMs: now,
    round: Math.max(0, ...state.agents.map(({ asked }) => asked.review)),
    agents: state.agents.map((agent) => agentLine(state, agent, now)),
    tally: tallyLines(state),
    ...(certainty && { certainty }),
    tokens: state.spent.input + state.spent.output,
    ...(state.spent.estimated ? { estimated: state.spent.estimated } : {}),
    costUsd: state.spent.costUsd,
    queued: extra.waiting?.length ?? 0,
    waiting: extra.waiting ?? [],
    preview: extra.preview ?? "",
    isSolo: isSolo(state),
    answers: state.latest.length,
    isReplaced: isReplaced(state),
    after: afterOf(state),
    note: [noteOf(state), ...state.absent.map(cleanLine)].filter(Boolean).join("; "),
  };
}

const isSolo = ({ mode, agents }: TurnState): boolean => mode === "solo" || agents.length === 1;

/** One agent needs no board: its text gives way to the answer. */
const afterOf = (state: TurnState): Policy["status"] =>
  isSolo(state) && state.policy.status === "line" ? "delete" : state.policy.status;

function phaseOf(state: TurnState, { isPosting }: StatusExtra): StatusView["phase"] {
  if (state.outcome === "answered" && isPosting) return "posting";
  if (state.outcome) return state.outcome;
  if (state.closing) return "presenting";
  if (state.isTurnQueued || state.isRouterQueued) return "queued";
  if (state.mode === "auto" && !state.routing) return "routing";
  return state.agents.some(({ asked }) => asked.review > 0) ? "reviewing" : "answering";
}

function tallyLines(state: TurnState): readonly TallyLine[] {
  const rows = tally(state);
  if (rows.every(({ score }) => score === null)) return [];
  return rows.map(({ agent, label, score }, index) => ({
    agent,
    label,
    name: state.agents.find(({ id }) => id === agent)?.name ?? agent,
    score,
    text: formatScore(score, state.policy.tally),
    leads: index === 0,
  }));
}

/** Messages that were added to a turn that a person stopped before an agent saw them. */
function unansweredNote({ stopped, closing }: TurnState): string {
  const count = closing?.unseen.length ?? 0;
  const isOver = stopped?.reason === "stop" && !isByDeletion(stopped.by);
  const were = count === 1 ? "was" : "were";
  return count > 0 && isOver ? `; ${formatCount(count, "added message")} ${were} not answered` : "";
}

/** A turn that makes way for another says what took its place. */
function formatStopped({ by, reason }: NonNullable<TurnState["stopped"]>): string {
  if (reason === "edit") return "replaced by the edited question";
  return reason === "restart" ? "replaced by a newer question" : formatStop(cleanLine(by));
}

function noteOf(state: TurnState): string {
  // A failed turn says so in a message of its own, with a way to ask again.
  if (state.outcome === "failed") return "";
  if (state.stopped) return formatStopped(state.stopped) + unansweredNote(state);
  if (state.isTurnQueued) return "waits for a free place, and then starts by itself";
  if (state.isRouterQueued)
    return "the router waits for a free call slot or the end of a rate limit";
  if (state.closing || state.inbox.length === 0) return "";
  const live = state.agents.filter(({ failed }) => !failed);
  const seen = live.filter(({ seenSteering }) => seenSteering >= state.inbox.length).length;
  const added = formatCount(state.inbox.length, "added message");
  return `${added}: ${seen} of ${formatCount(live.length, "agent")} answered with it in view`;
}
