import { type Close, closingOf } from "./closing.ts";
import { lastStart, moveDeadline, turnDeadline, whenClockShows } from "./clocks.ts";
import { dueAnswers, dueReviews, gatherDeadlines, mayRevise } from "./due.ts";
import { readingOrder } from "./labels.ts";
import type { MoveRequest, ShownRevision } from "./move.ts";
import { isPooled } from "./pooled/claims.ts";
import { rereadOf } from "./pooled/reread.ts";
import { isElectable, liveAgents, revisionOf, revisionsBy } from "./selectors.ts";
import type { EventOf, MoveKind } from "./turn-event.ts";
import type { AgentState, Revision, RunningMove, TurnState } from "./turn-state.ts";

interface Ending {
  readonly agent: AgentState["id"];
  readonly move: string;
}

/** What should happen now, a function of the state alone. The runner executes it and turns the results into events. */
export interface Plan {
  /** Ask the router. */
  readonly route: boolean;
  /** Call for another reading of the answers. */
  readonly reread: Omit<EventOf<"reread_called">, "at" | "type"> | null;
  readonly start: readonly MoveRequest[];
  readonly abort: readonly (Ending & { readonly cause: EventOf<"move_aborted">["cause"] })[];
  /** Moves that have timed out. */
  readonly expire: readonly (Ending & { readonly limit: "move_timeout" | "queue_timeout" })[];
  readonly close: Close | null;
  readonly end: EventOf<"turn_ended">["outcome"] | null;
  /** Running ms at which the plan may change by itself; null: never. */
  readonly wakeAt: number | null;
}

const NOTHING: Plan = {
  route: false,
  reread: null,
  start: [],
  abort: [],
  expire: [],
  close: null,
  end: null,
  wakeAt: null,
};

/** What the team does next: which moves to start and to abort, and whether the turn closes or ends. Pure. */
export function nextMoves(state: TurnState): Plan {
  if (state.outcome) return NOTHING;
  const ending = endings(state);
  if (ending.abort.length > 0 || ending.expire.length > 0) return { ...NOTHING, ...ending };
  if (state.closing) return afterClosing(state);
  const close = closingOf(state);
  if (close) return { ...NOTHING, close };
  const reread = rereadOf(state);
  if (reread) return { ...NOTHING, reread };
  return {
    ...NOTHING,
    route: state.mode === "auto" && !state.stopped,
    start: numbered(state, [
      ...dueAnswers(state).map((agent) => request(state, agent, "answer", [])),
      ...dueReviews(state).map((agent) => request(state, agent, "review", inOrder(state, agent))),
    ]),
    wakeAt: nextDeadline(state),
  };
}

/** Running moves to end now. */
function endings(state: TurnState): Pick<Plan, "abort" | "expire"> {
  const running = state.agents.flatMap(({ id, move }) => (move ? [{ agent: id, move }] : []));
  const over = running.flatMap(({ agent, move }) => {
    const cause = abortCause(state, agent, move);
    return cause ? [{ agent, move: move.id, cause }] : [];
  });
  const expire = running
    .filter(({ move }) => state.now >= moveDeadline(state, move).at)
    .filter(({ move }) => over.every((ending) => ending.move !== move.id))
    .map(({ agent, move }) => ({ agent, move: move.id, limit: moveDeadline(state, move).limit }));
  return { abort: over, expire };
}

function abortCause(
  state: TurnState,
  agent: AgentState["id"],
  move: RunningMove,
): EventOf<"move_aborted">["cause"] | undefined {
  if (state.stopped) return "stopped";
  if (state.closing && (move.kind !== "present" || state.finishedBy !== null)) return "closed";
  return isOutdated(state, agent, move) || isStale(state, agent, move) ? "stale" : undefined;
}

/** A move that waits for room and has cost nothing is requested anew when there is more to put to the agent: an answer to review, or a message. */
function isOutdated(state: TurnState, agent: AgentState["id"], move: RunningMove): boolean {
  if (!move.queue?.isFresh || move.kind === "present") return false;
  if (move.steering < state.inbox.length) return true;
  return (
    move.kind === "review" &&
    state.latest.some(({ id, agent: author }) => author !== agent && !move.revisions.includes(id))
  );
}

/**
 * A review is stale when no result of it would be used: every revision of the others that it scores has an electable successor. (If the
 * newer revision is not electable, the older one stays current and its scores count.)
 */
function isStale(state: TurnState, reviewer: AgentState["id"], move: RunningMove): boolean {
  if (move.kind !== "review" || move.steering < state.inbox.length) return false;
  const asked = move.revisions
    .map((id) => revisionOf(state, id))
    .filter((revision) => revision && revision.agent !== reviewer);
  return asked.length > 0 && asked.every((revision) => revision && isSuperseded(state, revision));
}

const isSuperseded = (state: TurnState, revision: Revision): boolean =>
  revisionsBy(state, revision.agent).some(
    (other) => other.number > revision.number && isElectable(state, other),
  );

function nextDeadline(state: TurnState): number | null {
  const { grace } = state.policy.limits;
  const deadlines = [
    turnDeadline(state),
    lastStart(state),
    ...gatherDeadlines(state),
    ...(state.aloneSince === null ? [] : [whenClockShows(state, state.aloneSince + grace * 1000)]),
    ...state.agents.flatMap(({ move }) => (move ? [moveDeadline(state, move).at] : [])),
  ].filter((deadline) => deadline > state.now && Number.isFinite(deadline));
  return deadlines.length === 0 ? null : Math.min(...deadlines);
}

/** The answer is elected. Rewrite it if the policy says so and time and budget allow. */
function afterClosing(state: TurnState): Plan {
  const elected = revisionOf(state, state.closing?.revision ?? null);
  if (state.stopped) return { ...NOTHING, end: "stopped" };
  if (!elected) return { ...NOTHING, end: "failed" };
  const presenter = liveAgents(state).find(({ id }) => id === elected.agent);
  if (presenter?.move) return { ...NOTHING, wakeAt: moveDeadline(state, presenter.move).at };
  if (!presenter || !isToBePresented(state, presenter)) return { ...NOTHING, end: "answered" };
  const others = inOrder(state, presenter).filter(({ agent }) => agent !== presenter.id);
  const present = request(state, presenter, "present", [elected, ...others]);
  return { ...NOTHING, start: numbered(state, [present]) };
}

/** At most one rewrite; none in solo mode, when a person wants the answer now, or when time or budget is used up. */
const isToBePresented = (state: TurnState, presenter: AgentState): boolean =>
  state.policy.present !== "reuse" &&
  state.mode === "team" &&
  state.finishedBy === null &&
  presenter.asked.present === 0 &&
  state.now < turnDeadline(state) &&
  state.budget === null;

/** Every reading turns the order. */
function inOrder(state: TurnState, agent: AgentState): readonly Revision[] {
  const turned = (state.reading - 1) * Math.max(1, Math.floor(state.agents.length / 2));
  return readingOrder(state.latest, agent.id, state.agents.indexOf(agent) + turned);
}

function request(
  state: TurnState,
  agent: AgentState,
  kind: MoveKind,
  revisions: readonly Revision[],
): Omit<MoveRequest, "id"> {
  return {
    agent: agent.id,
    kind,
    shown: revisions.map((revision) => show(state, agent, revision)),
    mayRevise: kind === "answer" || (kind === "review" && mayRevise(state, agent)),
    ...(isPooled(state) && kind !== "present" && { claims: true as const }),
    ...(isPooled(state) &&
      kind === "review" &&
      state.policy.ballot === "chance" && { chances: true as const }),
    steering: state.inbox.length - (state.closing?.unseen.length ?? 0),
  };
}

/** A move's number counts all moves that the turn has started. */
const numbered = (
  state: TurnState,
  moves: readonly Omit<MoveRequest, "id">[],
): readonly MoveRequest[] =>
  moves.map((move, index) => ({
    id: `${move.agent}:${move.kind}:${state.started + index + 1}`,
    ...move,
  }));

function show(state: TurnState, reader: AgentState, revision: Revision): ShownRevision {
  const checks = state.checks.filter((checked) => checked.revision === revision.id);
  return {
    revision: revision.id,
    label: state.agents.find(({ id }) => id === revision.agent)?.label ?? "?",
    text: revision.text,
    own: revision.agent === reader.id,
    ...(revision.cut && { cut: true }),
    ...(checks.length > 0 && { checks }),
  };
}
