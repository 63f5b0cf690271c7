import type { TurnState } from "../../coordination/turn-state.ts";
import { formatNoAnswer, isByDeletion } from "../../progress/failure-words.ts";
import { forPeople } from "../../progress/for-people.ts";
import { finalView } from "../../progress/final-view.ts";
import { type StatusView, statusView } from "../../progress/status-view.ts";
import { turnSummary } from "../../progress/turn-summary.ts";
import type { Delivered } from "../../delivery/deliver-parts.ts";
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
  const people = forPeople(state, turn.conversation);
  status.hold(statusView(people, { isPosting: true }));
  let shown: Promise<void> | null = null;
  try {
    const delivered = await postOutcome(people, run, omitted);
    // At once: people must not read that the agents are at work below their answer.
    shown = status.freeze(lastView(people, delivered));
  } finally {
    // After posting, so that the answer does not wait. Recording twice is harmless.
    await record();
  }
  if (!(await inTime(shown, options.clock, leaving))) await options.records.add(turn, shown);
  options.records.takeOver();
  options.trackRecords.learnSoon(turn.conversation);
  const { conversation } = turn;
  options.onStep(turn, { step: "done", tookMs: options.wallClock() - turn.createdAt });
  options.onDone(turn, turnSummary(state, { ...notesOf(team, omitted), conversation }));
}

/** Whether messages that the turn did not see become the next turn. A restarted turn reads the whole thread again; a person's stop is for all. */
const isForNext = ({ stopped }: TurnState): boolean =>
  stopped === null || (stopped.reason === "stop" && isByDeletion(stopped.by));

/** Posts the answer, or why there is none. Null: the turn was stopped, and its status says so. */
async function postOutcome(
  state: TurnState,
  { options, turn, team, served, leaving }: TurnRun,
  omitted: readonly string[],
): Promise<Delivered | null> {
  const from = options.wallClock();
  const tell = (kind: "final" | "note", delivered: Delivered): Delivered => {
    const tookMs = options.wallClock() - from;
    for (const problem of delivered.problems) options.onProblem(turn, problem);
    if (delivered.said !== "nothing")
      options.onStep(turn, { step: "posted", kind, tookMs, limits: delivered.limits });
    return delivered;
  };
  const final = state.outcome === "answered" ? finalView(state, notesOf(team, omitted)) : null;
  if (final) return tell("final", await served.delivery.final(turn, final, leaving));
  if (state.outcome !== "failed") return null;
  return tell("note", await served.delivery.note(turn, formatNoAnswer(state), leaving));
}

/** What remains of the status: the truth about what people can read. */
function lastView(state: TurnState, delivered: Delivered | null): StatusView {
  const view = statusView(state);
  if (delivered === null || delivered.said === "all") return view;
  if (delivered.said === "part") return { ...view, note: joinNotes(PARTLY, view.note) };
  const note = state.outcome === "failed" ? formatNoAnswer(state) : UNPOSTED;
  return { ...view, phase: "failed", note };
}

/** For members. The log and `status` say more to the people who can change it. */
const UNPOSTED = "There is an answer, but it could not be posted here";
const PARTLY = "a part of the answer could not be posted here";
const joinNotes = (...notes: readonly string[]): string => notes.filter(Boolean).join("; ");

const notesOf = (team: TurnTeam, omitted: readonly string[]) => ({
  omitted: [...omitted, ...team.notes],
  simulated: team.agents.filter((a) => a.backend.type === "simulated").map(({ name }) => name),
});
