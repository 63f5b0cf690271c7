import type { Asked } from "./ask.ts";
import type { Post } from "./place.ts";
import { type Question, questionIn } from "./question.ts";

/** What must not be: each entry is one case, in words. */
export interface Broken {
  readonly unanswered: readonly string[];
  readonly doubleFinals: readonly string[];
  readonly doubleStatuses: readonly string[];
  readonly orderErrors: readonly string[];
  /** Statuses that still say that somebody is at work. */
  readonly working: readonly string[];
}

/** Looks at what stands in the threads, as people see it. */
export function checkLaws(asked: readonly Asked[]): Broken {
  const threads = asked.map(checkThread);
  const all = (of: (broken: Broken) => readonly string[]) => threads.flatMap(of);
  return {
    unanswered: all(({ unanswered }) => unanswered),
    doubleFinals: all(({ doubleFinals }) => doubleFinals),
    doubleStatuses: all(({ doubleStatuses }) => doubleStatuses),
    orderErrors: all(({ orderErrors }) => orderErrors),
    working: all(({ working }) => working),
  };
}

export const isAnswered = ({ thread, questions }: Asked): boolean => {
  const finals = thread.posts().filter(({ kind }) => kind === "final");
  const answered = new Set(namesOf(finals, questions));
  return questions.every(({ name }) => answered.has(name));
};

/** What stands in the place of an answer that the platform refuses for good. */
const UNSAID = /could not be posted here/;

/** The questions that the finals answer, in their order. */
function namesOf(finals: readonly Post[], questions: readonly Question[]): readonly string[] {
  const refused = questions.filter(({ isRefused }) => isRefused).map(({ name }) => name);
  return finals.map(({ text }) => {
    const said = questionIn(text) ?? (UNSAID.test(text) ? refused.shift() : undefined);
    return said ?? "an answer to nothing";
  });
}

export const isAtRest = ({ thread }: Asked): boolean =>
  thread.posts().every(({ isWorking }) => !isWorking);

function checkThread({ thread, questions }: Asked): Broken {
  const posts = thread.posts();
  const finals = posts.filter(({ kind }) => kind === "final");
  const statuses = posts.filter(({ kind }) => kind === "status");
  const names = namesOf(finals, questions);
  const at = (what: string) => `${thread.name}: ${what}`;
  const answered = new Set(finals.map(({ turn }) => turn));
  return {
    unanswered: questions.filter(({ name }) => !names.includes(name)).map(({ name }) => at(name)),
    doubleFinals: names.filter((name, n) => names.indexOf(name) < n).map(at),
    doubleStatuses: [
      ...repeated(statuses).map(({ turn }) => at(`two of turn ${turn}`)),
      // A message that was taken on twice has two turns, of which one may have been given up.
      ...statuses.filter(({ turn }) => !answered.has(turn)).map(({ turn }) => at(`of ${turn}`)),
    ],
    orderErrors: inversions(
      names,
      questions.map(({ name }) => name),
    ).map(at),
    working: posts.filter(({ isWorking }) => isWorking).map(({ turn }) => at(`turn ${turn}`)),
  };
}

const repeated = (posts: readonly Post[]): readonly Post[] =>
  posts.filter(({ turn }, n) => posts.findIndex((post) => post.turn === turn) < n);

/** First answers that stand before an answer to an earlier question. */
function inversions(names: readonly string[], order: readonly string[]): readonly string[] {
  const first = [...new Set(names)].filter((name) => order.includes(name));
  const places = first.map((name) => order.indexOf(name));
  return first.filter((_, n) => places.slice(n + 1).some((later) => later < (places[n] ?? 0)));
}
