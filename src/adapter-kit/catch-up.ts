import { type TurnId, turnTime } from "../ids.ts";

/** A person's message that may be for Parley. */
export interface Candidate {
  readonly id: string;
  /** When it was written, ms since the epoch. */
  readonly at: number;
}

export interface CatchUp<C extends Candidate> {
  /** In any order. */
  readonly candidates: readonly C[];
  /** Messages up to then count as answered without a claim, ms since the epoch. */
  readonly answeredUntil: number;
  /** Those that have not been accepted. */
  readonly untaken: (candidates: readonly C[]) => Promise<readonly C[]>;
  /** Must be idempotent: another process may handle the same messages. */
  readonly take: (candidate: C) => Promise<void>;
}

/**
 * Handles missed messages, oldest first: Parley was disconnected, the process that got the event froze or died, or the event is late. Rejects
 * with the first rejection.
 */
export async function catchUp<C extends Candidate>({
  candidates,
  answeredUntil: until,
  untaken,
  take,
}: CatchUp<C>): Promise<void> {
  const open = candidates.filter(({ at }) => at > until);
  if (open.length === 0) return;
  for (const candidate of (await untaken(open)).toSorted(byTime)) await take(candidate);
}

/** Messages of the same instant stay in the order in which they are given. */
const byTime = (a: Candidate, b: Candidate): number => a.at - b.at;

/** One of Parley's final answers in a thread. */
export interface ShownAnswer {
  readonly turn: TurnId;
  /** When it was posted, ms since the epoch. */
  readonly at: number;
}

/**
 * Up to when a thread's own messages show that it was answered, ms since the epoch. This matters only after the database was lost: while the
 * last answer's turn is known, so are the claims. A turn has read only what was in the thread when it was accepted.
 */
export async function answeredUntil(
  answers: readonly ShownAnswer[],
  isKnown: (turn: TurnId) => Promise<boolean>,
): Promise<number> {
  const last = answers.at(-1);
  if (last === undefined || (await isKnown(last.turn))) return -Infinity;
  return Math.max(...answers.map(({ turn, at }) => Math.min(turnTime(turn) ?? at, at)));
}
