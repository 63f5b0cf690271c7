import type { TurnState } from "../../coordination/turn-state.ts";
import { formatNoAnswer, isByDeletion } from "../../progress/failure-words.ts";
import { forPeople } from "../../progress/for-people.ts";
import { finalView } from "../../progress/final-view.ts";
import { statusView } from "../../progress/status-view.ts";
import { turnSummary } from "../../progress/turn-summary.ts";
import type { LimitsHit } from "../../store/tables/deliveries.ts";
import { bookTurn } from "./book-turn.ts";
import { inTime } from "./in-time.ts";
import type { TurnRun } from "../running/turn-run.ts";
import { routerOf } from "../running/seat-agents.ts";
import { acceptUnseen } from "../intake/accept-unseen.ts";
import type { TurnTeam } from "../team-snapshot.ts";

/** Posts the result of a turn, records its usage, and queues a new turn for messages it did not see. Idempotent. */
export async function concludeTurn(
  state: TurnState,
  run: TurnRun,
  omitted: readonly string[],
): Promise<void> {
  const { options, turn, team, status, served, leaving } = run;
  const routerModel = routerOf(team, options.seating.catalogue)?.model ?? null;
  const record = () => bookTurn(options.store, turn, state, { team, routerModel });
  const unseen = isForNext(state) ? (state.closing?.unseen ?? []) : [];
  if (unseen.length > 0) {
    // Release the reserved budget first: the next turn may need it.
    await record();
    await acceptUnseen(turn, unseen, { ...options, served });
  }
  status.hold();
  try {
    await postOutcome(state, run, omitted);
  } finally {
    // Record after posting, so that the answer does not wait. Recording twice is harmless.
    await record();
  }
  const shown = status.freeze(statusView(forPeople(state, turn.conversation)));
  if (!(await inTime(shown, options.clock, leaving))) await options.records.add(turn, shown);
  options.records.takeOver();
  const { conversation } = turn;
  options.onStep(turn, { step: "done", tookMs: options.wallClock() - turn.createdAt });
  options.onDone(turn, turnSummary(state, { ...notesOf(team, omitted), conversation }));
}

/** Whether messages that the turn did not see become the next turn. A restarted turn reads the whole thread again; a person's stop is for all. */
const isForNext = ({ stopped }: TurnState): boolean =>
  stopped === null || (stopped.reason === "stop" && isByDeletion(stopped.by));

async function postOutcome(
  ended: TurnState,
  { options, turn, team, served, leaving }: TurnRun,
  omitted: readonly string[],
): Promise<void> {
  const state = forPeople(ended, turn.conversation);
  const from = options.wallClock();
  const tell = (kind: "final" | "note", limits: LimitsHit) =>
    options.onStep(turn, { step: "posted", kind, tookMs: options.wallClock() - from, limits });
  const final = state.outcome === "answered" ? finalView(state, notesOf(team, omitted)) : null;
  if (final) tell("final", await served.delivery.final(turn, final, leaving));
  else if (state.outcome === "failed") {
    tell("note", await served.delivery.note(turn, formatNoAnswer(state), leaving));
  }
}

const notesOf = (team: TurnTeam, omitted: readonly string[]) => ({
  omitted: [...omitted, ...team.notes],
  simulated: team.agents.filter((a) => a.backend.type === "simulated").map(({ name }) => name),
});
