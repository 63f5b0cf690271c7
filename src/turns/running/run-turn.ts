import { takesCacheLife } from "../../backends/cache-life.ts";
import type { Conversation } from "../../conversation/message.ts";
import { paceOf } from "../../conversation/pace.ts";
import { fold } from "../../coordination/advance.ts";
import { type CacheChoice, chooseCacheLife } from "../../coordination/cache-life.ts";
import { runTurn } from "../../coordination/runner/runner.ts";
import type { TurnState } from "../../coordination/turn-state.ts";
import type { ThreadHistory } from "../../platform.ts";
import { forPeople } from "../../progress/for-people.ts";
import { statusView } from "../../progress/status-view.ts";
import type { Turn, TurnStop } from "../../store/tables/turn.ts";
import { concludeTurn } from "../concluding/conclude-turn.ts";
import { type RunTurn, TurnInterrupted, TurnSteppedBack } from "../engine/engine.ts";
import { endUnasked } from "./end-unasked.ts";
import { createFenceCodes } from "./fence-code.ts";
import { createOpenTurn } from "./open-turn.ts";
import { readTurnConversation, type TurnReading } from "./read-turn-conversation.ts";
import type { RunTurnOptions, TurnRun } from "./turn-run.ts";
import { restoreTeam, type TurnTeam } from "../team-snapshot.ts";
import { queueReason } from "../turn-step.ts";
import { letSettle } from "./let-settle.ts";
import { openingOf } from "../waiting/opening.ts";
import { createTurnModels, createTurnPorts } from "./turn-ports.ts";
import { watchTurn } from "./watch-turn.ts";
import { byDeletionOf } from "../../progress/failure-words.ts";

/** Runs stored turns until the answer is posted, resuming from the journal if there is one. */
export function createRunTurn(options: RunTurnOptions): RunTurn {
  const fenceCode = createFenceCodes(options.store);
  return async (turn, signal) => {
    await tellStart(turn, options);
    const { backendsOf, ownEnv } = await options.modelsOf(turn.conversation);
    const team = restoreTeam(turn.team, backendsOf);
    const seating = { ...options.seating, env: ownEnv };
    const served = options.servedPlatform(turn.conversation);
    // Before its first start it has no journal.
    const journaled = turn.epoch === 1 ? [] : await options.store.journal.read(turn.id);
    const events = journaled.length > 0 ? journaled : await firstEvents(turn, team, options);
    await options.letGoOfBoard(turn);
    const status = served.delivery.status(turn);
    const leaving = leavingOnly(signal);
    const run: TurnRun = {
      options,
      turn,
      team,
      seating,
      served,
      status,
      fenceCode,
      signal,
      leaving,
      events,
    };
    const { state, omitted } = await play(run, journaled.length === 0);
    await concludeTurn(state, run, omitted);
  };
}

/** Logs that the turn starts and, the first time, what it waited for. */
async function tellStart(turn: Turn, { store, onStep }: RunTurnOptions): Promise<void> {
  const { createdAt, startedAt } = turn;
  if (turn.epoch === 1 && startedAt !== null) {
    const waitedMs = startedAt - createdAt;
    // A short wait is not worth a query.
    const ended = waitedMs < 100 ? null : await store.turns.endedBefore(turn);
    onStep(turn, { step: "queued", why: queueReason({ createdAt, startedAt }, ended), waitedMs });
  }
  onStep(turn, { step: "started", attempt: turn.attempts });
}

/** A signal that aborts only on shutdown, not on a stop. */
function leavingOnly(signal: AbortSignal): AbortSignal {
  const leaving = new AbortController();
  signal.addEventListener("abort", () => {
    const reason: unknown = signal.reason;
    if (!(reason instanceof TurnInterrupted && reason.stop)) leaving.abort(reason);
  });
  return leaving.signal;
}

async function firstEvents(turn: Turn, team: TurnTeam, { trackRecords }: RunTurnOptions) {
  return openingOf(turn, team, await trackRecords.skillsOf(turn.conversation, team));
}

/** Journals the first events. */
async function begin({ options, turn, events }: TurnRun): Promise<void> {
  await options.store.journal.append(turn.id, turn.epoch, events);
  for (const event of events) options.onEvent(turn, event, fold(events));
}

interface Played {
  readonly state: TurnState;
  readonly omitted: readonly string[];
}

async function play(run: TurnRun, isNew: boolean): Promise<Played> {
  const before = fold(run.events);
  if (!isExpired(run.turn, before)) return playInTime(run, before, isNew);
  if (isNew) await begin(run);
  return { state: await endUnasked(run, before, null), omitted: [] };
}

async function playInTime(run: TurnRun, before: TurnState, isNew: boolean): Promise<Played> {
  // The answer is complete; only posting it was lost.
  if (before.outcome) return { state: before, omitted: [] };
  // Show the status at once, since reading the thread may take long; not for a question that was deleted meanwhile.
  if (!run.signal.aborted) run.status.show(statusView(forPeople(before, run.turn.conversation)));
  const [read] = await Promise.all([readUnlessStopped(run), isNew ? begin(run) : undefined]);
  if ("stop" in read) return { state: await endUnasked(run, before, read.stop), omitted: [] };
  // A start that ended before this leaves it to the next one.
  if (before.started === 0) await letEarlierGoFirst(run, read.history);
  // The status line has reported why.
  if (isNew && (await run.status.isRefused()))
    return { state: await endUnasked(run, before, MUTE), omitted: [] };
  return perform(run, read.conversation, before.cache ?? choiceOf(run, read.history));
}

/** No process had room for it in time. */
const isExpired = ({ expiredAt }: Turn, { isTurnQueued }: TurnState): boolean =>
  expiredAt !== null && isTurnQueued;

/** A team does not work for an answer that nobody could read. */
const MUTE: TurnStop = { by: "Parley, which may not post here", reason: "stop" };

/** The thread once the request is whole, or the stop that came meanwhile: somebody stopped the turn or deleted the question. */
async function readUnlessStopped({
  options,
  served: { platform },
  turn,
  fenceCode,
  signal,
}: TurnRun): Promise<TurnReading | { stop: TurnStop }> {
  const { store, conversationText } = options;
  const onProblem = (problem: unknown) => options.onProblem(turn, problem);
  try {
    await letSettle(turn, { ...options, signal });
    const reading = { store, platform, turn, fenceCode, conversationText, onProblem, signal };
    const read = await readTurnConversation(reading);
    if (read) return read;
    return { stop: { by: byDeletionOf("question"), reason: "stop" } };
  } catch (error) {
    if (error instanceof TurnInterrupted && error.stop) return { stop: error.stop };
    throw error;
  }
}

/** A late message is answered before messages that were written after it. */
async function letEarlierGoFirst(
  { options, turn }: TurnRun,
  history: ThreadHistory,
): Promise<void> {
  await options.catchUp(turn.conversation, history);
  if (await options.store.turns.stepBack(turn)) throw new TurnSteppedBack();
}

/** How long to keep the thread's prompts, by its pace; null: none of the models lets Parley choose. */
function choiceOf({ turn, team, seating }: TurnRun, { messages }: ThreadHistory) {
  const { catalogue } = seating;
  const takes = ({ backend }: TurnTeam["agents"][number]) =>
    takesCacheLife(backend, catalogue.provider(backend));
  if (!team.agents.some(takes)) return null;
  return chooseCacheLife(team.cache, paceOf(messages, { id: turn.request, at: turn.createdAt }));
}

/** Lets the team work until the turn ends. Rejects on shutdown, or when another process has taken the turn over. */
async function perform(
  run: TurnRun,
  conversation: Conversation,
  cache: CacheChoice | null,
): Promise<Played> {
  const { options, turn, status, events } = run;
  const { clock } = options;
  const ended = new AbortController();
  const before = fold(events);
  const startedAt = clock.now() - before.now;
  const models = createTurnModels(run, conversation, {
    state: () => open.running.state(),
    signal: ended.signal,
    cache,
  });
  const open = createOpenTurn({
    turn: turn.id,
    conversation: turn.conversation,
    start: (listener) => {
      const opening = cache && !before.cache ? [{ type: "cache_chosen", ...cache } as const] : [];
      return runTurn(events, { ...createTurnPorts(run, models, listener), opening });
    },
    runningTime: () => clock.now() - startedAt,
    show: (view) => status.show(view),
  });
  const onProblem = (problem: unknown) => options.onProblem(turn, problem);
  // It may reject before the await below.
  open.running.done.catch(() => {});
  const watching = { end: async () => {} };
  try {
    watching.end = await watchTurn(open, { ...options, signal: run.signal, onProblem });
    return { state: await open.running.done, omitted: models.moves.omissions() };
  } catch (error) {
    open.running.abandon(error instanceof Error ? error : new Error(String(error)));
    throw error;
  } finally {
    ended.abort();
    await watching.end();
  }
}
