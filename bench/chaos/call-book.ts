/** One model call. Times in ms since the epoch. */
interface Call {
  readonly seat: string;
  readonly at: number;
  endedAt: number | null;
}

/** Which bot process asked what, and what kills and freezes may have cost it. */
export interface CallBook {
  /** Call the result when the reply has been sent. */
  begin(move: string, seat: string): () => void;
  /** A process is killed or freezes now: what it has open is lost. */
  strike(seat: string): void;
  made(): number;
  /** How many there have to be: one for each move of each agent in each turn. */
  least(): number;
  /** The moves that were asked for more than once: "q3.1 ada answer". */
  repeated(): readonly string[];
  /** The calls of a move above the first and those that kills and freezes have lost, as moves. */
  needless(): readonly string[];
  /** When a model was first asked about a question, ms since the epoch. */
  firstAsked(question: string): number | undefined;
}

/** Until a reply that has been sent is read and journaled, and until a request that has been sent arrives, ms: a busy machine takes that long. */
const READING_MS = 3_000;
const ARRIVING_MS = 1_000;

export function createCallBook(now: () => number): CallBook {
  const moves = new Map<string, Call[]>();
  const blows: { readonly seat: string; readonly at: number }[] = [];
  const isLost = ({ seat, at, endedAt }: Call): boolean =>
    blows.some(
      (blow) =>
        blow.seat === seat &&
        at <= blow.at + ARRIVING_MS &&
        (endedAt ?? Infinity) >= blow.at - READING_MS,
    );
  const needlessOf = (calls: readonly Call[]) =>
    Math.max(0, calls.length - 1 - calls.filter(isLost).length);
  return {
    begin(move, seat) {
      const call: Call = { seat, at: now(), endedAt: null };
      moves.set(move, [...(moves.get(move) ?? []), call]);
      return () => void (call.endedAt = now());
    },
    strike: (seat) => void blows.push({ seat, at: now() }),
    made: () => [...moves.values()].reduce((sum, { length }) => sum + length, 0),
    least: () => moves.size,
    repeated: () => [...moves].filter(([, { length }]) => length > 1).map(([move]) => move),
    needless: () =>
      [...moves].flatMap(([move, calls]) => Array.from({ length: needlessOf(calls) }, () => move)),
    firstAsked(question) {
      const times = [...moves].flatMap(([move, [first]]) =>
        first && move.startsWith(`${question} `) ? [first.at] : [],
      );
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}
