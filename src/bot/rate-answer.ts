import type { Asker, GivenRating } from "../commands/ports.ts";
import { type ConversationId, parseConversationId, type TurnId } from "../ids.ts";
import type { IncomingFeedback, Rated } from "../platform.ts";
import type { Feedback } from "../store/tables/feedback.ts";
import type { Store } from "../store/store.ts";
import type { TrackRecords } from "../track-records/track-records.ts";

/** UTF-16 code units of a reason that are kept. */
const LONGEST_REASON = 1_000;
/** How many turns back to look for the last one that was answered. */
const RECENT = 10;

type Ratings = Pick<Store, "turns" | "feedback">;

export interface RatingPorts {
  readonly store: Store;
  /** Learns from what people say of answers. */
  readonly trackRecords: Pick<TrackRecords, "learnSoon">;
}

/** A rating by a button or a form, taken once. Stored only if the turn belongs to this conversation, since payloads of buttons are untrusted. */
export async function takeRating(
  { store, trackRecords }: RatingPorts,
  { conversation, eventId, turn, person, verdict, reason }: IncomingFeedback,
): Promise<Rated> {
  if ((await store.turns.get(turn))?.conversation !== conversation) return { outcome: "unknown" };
  const rated = await store.tx(async (inside): Promise<Rated> => {
    if (!(await inside.claims.take(`feedback:${conversation}:${eventId}`)))
      return { outcome: "repeated" };
    const who = raterOf(conversation, person.id);
    const before = await inside.feedback.give(turn, who, verdict, kept(reason));
    return { outcome: "taken", before };
  });
  trackRecords.learnSoon(conversation);
  return rated;
}

/** A rating by a command, which the intake takes once. */
export async function rateAnswer(
  { store, trackRecords }: RatingPorts,
  { conversation, person }: Asker,
  { turn, verdict, reason }: GivenRating,
): Promise<Rated> {
  const rated = await answeredTurn(store, conversation, turn);
  if (!rated) return { outcome: "unknown" };
  const who = raterOf(conversation, person.id);
  const before = await store.tx((inside) =>
    inside.feedback.give(rated, who, verdict, kept(reason ?? undefined)),
  );
  trackRecords.learnSoon(conversation);
  return { outcome: "taken", before };
}

/** What people think of a turn's answer. */
export const ratingsOf = ({ feedback }: Ratings, turn: TurnId): Promise<readonly Feedback[]> =>
  feedback.list(turn);

async function answeredTurn(
  { turns }: Ratings,
  conversation: ConversationId,
  turn: TurnId | null,
): Promise<TurnId | undefined> {
  if (turn === null) {
    const recent = await turns.recent(conversation, RECENT);
    return recent.find(({ outcome }) => outcome === "completed")?.id;
  }
  return (await turns.get(turn))?.conversation === conversation ? turn : undefined;
}

const raterOf = (conversation: ConversationId, person: string): string =>
  `${parseConversationId(conversation).platform}:${person}`;

function kept(reason: string | undefined): string | null {
  const text = (reason ?? "").trim().slice(0, LONGEST_REASON).toWellFormed();
  return text === "" ? null : text;
}
