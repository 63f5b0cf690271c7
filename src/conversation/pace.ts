import type { ThreadMessage } from "../platform.ts";

/** What each request waited after the answer before it; without answers, people's messages after one another. Oldest first, ms. */
export interface ThreadPace {
  readonly gaps: readonly number[];
  /** Since the latest answer; null: there is none. */
  readonly idleMs: number | null;
}

/** The pace of a thread up to a request, from the times of its messages, in any order. Pure. */
export function paceOf(
  messages: readonly ThreadMessage[],
  request: { readonly id: string; readonly at: number },
): ThreadPace {
  const at = messages.find(({ id }) => id === request.id)?.at ?? request.at;
  const earlier = messages
    .filter((message) => message.at <= at && message.id !== request.id && isSpoken(message))
    .toSorted((a, b) => a.at - b.at);
  const answered = gapsAfterAnswers(earlier, at);
  if (answered.length > 0) return { gaps: answered, idleMs: answered.at(-1) ?? null };
  const times = [...earlier.map((message) => message.at), at];
  return { gaps: times.slice(1).map((time, i) => time - (times[i] ?? time)), idleMs: null };
}

const isAnswer = ({ author, mark }: ThreadMessage): boolean =>
  author.kind === "self" && (mark === undefined || mark.kind === "final");

/** Statuses and notes say nothing about the pace. */
const isSpoken = (message: ThreadMessage): boolean =>
  message.author.kind !== "self" || isAnswer(message);

/** The last message before an answer is the one that it answers. */
function gapsAfterAnswers(earlier: readonly ThreadMessage[], requestAt: number): number[] {
  const gaps: number[] = [];
  let answeredAt: number | null = null;
  let saidAt: number | null = null;
  for (const message of earlier) {
    if (!isAnswer(message)) saidAt = message.at;
    else {
      if (answeredAt !== null && saidAt !== null) gaps.push(saidAt - answeredAt);
      answeredAt = message.at;
      saidAt = null;
    }
  }
  return answeredAt === null ? [] : [...gaps, requestAt - answeredAt];
}
