import { type TurnId, turnTime } from "../ids.ts";

/** A message of a person that may be for Parley. */
export interface Candidate {
  readonly id: string;
  /** When it was written, ms since the epoch. */
  readonly at: number;
}

export interface CatchUp<C extends Candidate> {
  /** In any order. */
  readonly candidates: readonly C[];
  /** Up to when messages count as answered though no claim says so, ms since the epoch. */
  readonly answeredUntil: number;
  /** Those that nobody has taken on. */
  readonly untaken: (candidates: readonly C[]) => Promise<readonly C[]>;
  /** Taking one on twice must do no harm: another process may catch up on the same messages. */
  readonly take: (candidate: C) => Promise<void>;
}

/**
 * Takes on messages that no event told, oldest first: Parley was not connected, the process that was told froze or died, or the event
 * comes late. Rejects with what rejects first.
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

/** A final answer of Parley's as its thread shows it. */
export interface ShownAnswer {
  readonly turn: TurnId;
  /** When it was posted, ms since the epoch. */
  readonly at: number;
}

/**
 * Up to when a thread itself shows that its messages are answered, ms since the epoch. It counts only where the database was lost: while the
 * last answer's turn is known, so are the claims. A turn read what stood there when it was taken on, and nothing later.
 */
export async function answeredUntil(
  answers: readonly ShownAnswer[],
  isKnown: (turn: TurnId) => Promise<boolean>,
): Promise<number> {
  const last = answers.at(-1);
  if (last === undefined || (await isKnown(last.turn))) return -Infinity;
  return Math.max(...answers.map(({ turn, at }) => Math.min(turnTime(turn) ?? at, at)));
}
