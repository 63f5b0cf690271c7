import type { TurnEvent } from "../../src/coordination/turn-event.ts";
import type { TurnState } from "../../src/coordination/turn-state.ts";

interface Given {
  readonly author: string;
  readonly id: string;
}

interface Book {
  readonly given: Given[];
  ballots: { reviewer: string; scores: Record<string, number> }[];
}

/**
 * Who leads by DESIGN's words, computed from the events in the plainest way, as a second opinion on `elect`: only for the tally by
 * centred means, without people's votes. Null: no answer stands.
 */
export function leaderByTheBook(events: readonly TurnEvent[], state: TurnState): string | null {
  const book = read(events);
  const live = state.agents.filter((agent) => agent.failed === null).map(({ id }) => String(id));
  const electable = ({ author, id }: Given) => {
    const others = live.filter((agent) => agent !== author).length;
    const scorers = [...centred(book, id).keys()].filter((reviewer) => reviewer !== author);
    return scorers.length >= Math.min(state.policy.limits.quorum, others);
  };
  const elected = latest(book, electable);
  if (elected.length > 0) return best(book, elected);
  const scored = latest(book, ({ id }) => mean(book, id) !== null);
  return best(book, scored.length > 0 ? scored : latest(book, () => true));
}

function read(events: readonly TurnEvent[]): Book {
  const book: Book = { given: [], ballots: [] };
  const seen = new Map<string, number>();
  let steered = 0;
  for (const event of events) {
    if (event.type === "move_started") seen.set(event.move, event.steering);
    if (event.type === "answer_given" || event.type === "revision_offered") {
      book.given.push({ author: event.agent, id: event.revision });
    }
    if (event.type === "message_steered") {
      steered += 1;
      book.ballots = [];
    }
    if ("ballot" in event && event.ballot && seen.get(event.move) === steered) {
      book.ballots.push({ reviewer: event.agent, scores: event.ballot.scores });
    }
  }
  return book;
}

function centred({ ballots }: Book, revision: string): ReadonlyMap<string, number> {
  const byReviewer = new Map<string, number>();
  for (const { reviewer, scores } of ballots) {
    const score = scores[revision];
    const all = Object.values(scores);
    const average = all.reduce((a, b) => a + b, 0) / all.length;
    if (score !== undefined) byReviewer.set(reviewer, score - average);
  }
  return byReviewer;
}

function mean(book: Book, revision: string): number | null {
  const values = [...centred(book, revision).values()];
  return values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;
}

/** The last revision of each author that passes. */
function latest({ given }: Book, keep: (revision: Given) => boolean): readonly Given[] {
  const authors = [...new Set(given.map(({ author }) => author))];
  return authors.flatMap((by) => given.filter((g) => g.author === by && keep(g)).slice(-1));
}

function best(book: Book, candidates: readonly Given[]): string | null {
  const ranked = candidates
    .map((candidate) => ({ id: candidate.id, mean: mean(book, candidate.id) ?? -99 }))
    .map((c) => ({ ...c, age: book.given.findIndex(({ id }) => id === c.id) }))
    .sort((a, b) => (Math.abs(b.mean - a.mean) > 1e-9 ? b.mean - a.mean : a.age - b.age));
  return ranked[0]?.id ?? null;
}
