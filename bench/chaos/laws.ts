import { TurnId, turnTime } from "../../src/ids.ts";
import type { Asked } from "./ask.ts";
import type { Post } from "./place.ts";
import { type Question, questionIn } from "./question.ts";

/** What must not be: each entry is one case, in words. */
export interface Broken {
  readonly unanswered: readonly string[];
  readonly doubleFinals: readonly string[];
  readonly doubleStatuses: readonly string[];
  readonly orderErrors: readonly string[];
  /** Answered after a later question whose turn had asked models before any process had this one: allowed. */
  readonly foundLate: readonly string[];
  /** Statuses that still say that somebody is at work. */
  readonly working: readonly string[];
}

/** When a model was first asked about a question, ms since the epoch. */
export type FirstAsked = (question: string) => number | undefined;

/** Looks at what stands in the threads, as people see it. */
export function checkLaws(asked: readonly Asked[], firstAsked: FirstAsked): Broken {
  const threads = asked.map((one) => checkThread(one, firstAsked));
  const all = (of: (broken: Broken) => readonly string[]) => threads.flatMap(of);
  return {
    unanswered: all(({ unanswered }) => unanswered),
    doubleFinals: all(({ doubleFinals }) => doubleFinals),
    doubleStatuses: all(({ doubleStatuses }) => doubleStatuses),
    orderErrors: all(({ orderErrors }) => orderErrors),
    foundLate: all(({ foundLate }) => foundLate),
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

function checkThread({ thread, questions }: Asked, firstAsked: FirstAsked): Broken {
  const posts = thread.posts();
  const finals = posts.filter(({ kind }) => kind === "final");
  const statuses = posts.filter(({ kind }) => kind === "status");
  const names = namesOf(finals, questions);
  const at = (what: string) => `${thread.name}: ${what}`;
  const answered = new Set(finals.map(({ turn }) => turn));
  const order = questions.map(({ name }) => name);
  const overtakings = overtakingsIn(answersOf(finals, names), order);
  const isLate = ({ by, accepted }: Overtaking) => accepted > (firstAsked(by) ?? Infinity);
  const said = ({ name, by }: Overtaking) => at(`${name} after ${by}`);
  return {
    unanswered: questions.filter(({ name }) => !names.includes(name)).map(({ name }) => at(name)),
    doubleFinals: names.filter((name, n) => names.indexOf(name) < n).map(at),
    doubleStatuses: [
      ...repeated(statuses).map(({ turn }) => at(`two of turn ${turn}`)),
      // A message that was taken on twice has two turns, of which one may have been given up.
      ...statuses.filter(({ turn }) => !answered.has(turn)).map(({ turn }) => at(`of ${turn}`)),
    ],
    orderErrors: overtakings.filter((one) => !isLate(one)).map(said),
    foundLate: overtakings.filter(isLate).map(said),
    working: posts.filter(({ isWorking }) => isWorking).map(({ turn }) => at(`turn ${turn}`)),
  };
}

const repeated = (posts: readonly Post[]): readonly Post[] =>
  posts.filter(({ turn }, n) => posts.findIndex((post) => post.turn === turn) < n);

/** The first answer to a question. */
interface Answer {
  readonly name: string;
  /** When a process took the question on, ms since the epoch: turns are named at that moment. */
  readonly accepted: number;
}

const answersOf = (finals: readonly Post[], names: readonly string[]): readonly Answer[] =>
  finals.flatMap(({ turn }, n) => {
    const name = names[n] ?? "";
    const accepted = turnTime(TurnId.parse(turn)) ?? -Infinity;
    return names.indexOf(name) === n ? [{ name, accepted }] : [];
  });

interface Overtaking extends Answer {
  /** The later question, which was answered before it. */
  readonly by: string;
}

function overtakingsIn(
  answers: readonly Answer[],
  order: readonly string[],
): readonly Overtaking[] {
  const known = answers.filter(({ name }) => order.includes(name));
  return known.flatMap((answer, n) => {
    const isLater = ({ name }: Answer) => order.indexOf(name) > order.indexOf(answer.name);
    return known
      .slice(0, n)
      .filter(isLater)
      .map(({ name: by }) => ({ ...answer, by }));
  });
}
