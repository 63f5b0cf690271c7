import type { z } from "zod";
import { type Certainty, certaintyOf } from "../../src/coordination/pooled/certainty.ts";
import { evidenceFor, meanEvidence } from "../../src/coordination/pooled/evidence.ts";
import { Policy } from "../../src/coordination/policy.ts";
import { AgentId, TurnId } from "../../src/ids.ts";
import type { Stated } from "./chance-calibration.ts";
import { calibratedQuestion } from "./calibrated-question.ts";
import { independentQuestion } from "./independent-question.ts";
import { type Played, playTurn } from "./play-turn.ts";
import { createDeviates, places, type Question } from "./question.ts";
import { recordResults } from "./record-results.ts";
import { createTrackBook, type TrackBook } from "./track-book.ts";
import type { Calibrated, Independent } from "./settings.ts";

export type Setting = Calibrated | Independent;

/** How the answer is chosen: the policy of a team. */
export interface Rule {
  readonly name: string;
  readonly policy: z.input<typeof Policy>;
  /** The catalogue knows none of the agents' models. */
  readonly unknown?: true;
}

/** What a rule did with one question. */
export interface Choice {
  /** The posted answer is right. */
  readonly right: boolean;
  readonly calls: number;
  readonly tokens: number;
  /** Null: a price is unknown. */
  readonly costUsd: number | null;
  readonly closedBy: string;
  /** How sure the team was; null: the rule does not say. */
  readonly certainty: Certainty["kind"] | null;
  /** Nothing but age or people's choices decided. */
  readonly isTie: boolean;
  /** Agents whose answers counted as one result. */
  readonly groups: readonly (readonly AgentId[])[];
  /** What reviewers say for each of these results, in log-odds. */
  readonly favours: readonly number[];
  /** The chances that reviewers gave; none where they gave scores. */
  readonly stated: readonly Stated[];
}

/** What a rule did in a turn. */
export function choiceOf({ state, calls }: Played, isRight: (agent: AgentId) => boolean): Choice {
  const { closing } = state;
  const posted = state.revisions.find(({ id }) => id === closing?.revision);
  const certainty = certaintyOf(state);
  const results = certainty?.results ?? [];
  return {
    right: posted !== undefined && isRight(posted.agent),
    calls,
    tokens: state.spent.input + state.spent.output,
    costUsd: state.spent.costUsd,
    closedBy: closing?.closedBy ?? "",
    certainty: certainty?.kind ?? null,
    isTie: closing?.decidedBy === "longest_standing",
    groups: results.map(({ agents }) => agents),
    favours: results.map(({ revision }) => meanEvidence(evidenceFor(state, revision)) ?? 0),
    stated: state.policy.ballot === "chance" ? chancesIn(state, isRight) : [],
  };
}

/** Every chance that was given, by what the answer was worth. */
const chancesIn = (
  { ballots, revisions }: Played["state"],
  isRight: (agent: AgentId) => boolean,
): readonly Stated[] =>
  ballots.flatMap(({ scores }) =>
    revisions.flatMap(({ id, agent }): readonly Stated[] => {
      const score = scores[id];
      return score === undefined ? [] : [[score / 10, isRight(agent)]];
    }),
  );

/** One question, and what each rule made of the same answers and ballots. */
export interface Outcome {
  /** Which agents are right, by seat. */
  readonly right: readonly boolean[];
  readonly oracle: boolean;
  readonly ablest: boolean;
  /** Share of the agents that are right. */
  readonly agents: number;
  readonly unanimous: boolean;
  /** The answer that most favourites name, ties at random: MassGen's ballot. */
  readonly plurality: boolean;
  readonly choices: Readonly<Record<string, Choice>>;
}

/** A space in which the same agents answer so many questions; track records are learned in each anew. */
const SPACE = 250;
/** Questions from which they are learned before any is measured. */
const WARM_UP = 100;

/** Plays so many questions of a setting by every rule, on the same answers and ballots. */
export async function playSetting(
  setting: Setting,
  rules: readonly Rule[],
  { questions, seed }: { readonly questions: number; readonly seed: number },
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const learning = rules.filter(({ policy }) => policy.scoreboard === "learned");
  for (let space = 0; space * SPACE < questions; space++) {
    const books = openBooks(setting, rules, seed + space);
    const play = (number: number, some: readonly Rule[]) =>
      playQuestion(questionOf(setting, { seed, space, number }), some, {
        books,
        seed: seed + number * 13,
      });
    const warmUp = learning.length > 0 ? WARM_UP : 0;
    for (const number of places(warmUp)) await play(questions + space * WARM_UP + number, learning);
    for (const number of places(Math.min(SPACE, questions - space * SPACE))) {
      outcomes.push(await play(space * SPACE + number, rules));
    }
  }
  return outcomes;
}

/** Log-odds of a probit unit. */
const LOGIT = 1.7;
/** A catalogue is wrong about a model by so much, probit. */
const PRIOR_ERROR = 0.3;

/** The track records of each rule that counts agents by them. */
function openBooks(
  setting: Setting,
  rules: readonly Rule[],
  seed: number,
): ReadonlyMap<string, TrackBook> {
  const agents = places(sizeOf(setting)).map(idOf);
  const { normal } = createDeviates(seed * 77);
  // Who is able differs from question to question where errors are independent.
  const prior =
    "agents" in setting
      ? agents.map(() => 0)
      : setting.ability.map((level) => LOGIT * (level + PRIOR_ERROR * normal()));
  return new Map(
    rules.flatMap(({ name, policy, unknown }) => {
      const { scoreboard = "off" } = policy;
      if (scoreboard === "off") return [];
      const known = unknown ? prior.map(() => 0) : prior;
      return [
        [name, createTrackBook(agents, { prior: known, learns: scoreboard === "learned", seed })],
      ];
    }),
  );
}

const idOf = (seat: number): AgentId => AgentId.parse(`seat-${seat}`);
/** The place of an agent. */
export const seatOf = (id: AgentId): number => Number(id.replace("seat-", ""));

/** The number of agents. */
export const sizeOf = (setting: Setting): number =>
  "agents" in setting ? setting.agents : setting.ability.length;

function questionOf(
  setting: Setting,
  {
    seed,
    space,
    number,
  }: { readonly seed: number; readonly space: number; readonly number: number },
): Question {
  const own = (seed * 100_003 + number * 17) >>> 0;
  if ("agents" in setting) return independentQuestion(setting, own);
  const { normal } = createDeviates(seed * 31 + space);
  const skills = setting.ability.map(() => setting.discSd * normal());
  return calibratedQuestion(setting, skills, own);
}

async function playQuestion(
  question: Question,
  rules: readonly Rule[],
  { books, seed }: { readonly books: ReadonlyMap<string, TrackBook>; readonly seed: number },
): Promise<Outcome> {
  const { right, ablest, groups } = question;
  const agents = right.map((_, seat) => idOf(seat));
  const results = recordResults(agents, question);
  const choices: Record<string, Choice> = {};
  for (const { name, policy } of rules) {
    const book = books.get(name);
    const start = {
      type: "turn_started" as const,
      at: 0,
      turn: TurnId.parse(`question-${seed}`),
      team: "bench",
      agents: agents.map((id) => ({ id, name: id })),
      policy: Policy.parse(policy),
      ...(book && { skills: book.skills() }),
    };
    const { uniform } = createDeviates(seed + 1);
    const played = await playTurn(start, { results, random: uniform });
    const choice = choiceOf(played, (agent) => right[agents.indexOf(agent)] ?? false);
    book?.add(played.state, choice.right);
    choices[name] = choice;
  }
  return {
    right,
    oracle: right.some(Boolean),
    ablest: right[ablest] ?? false,
    agents: right.filter(Boolean).length / right.length,
    unanimous: groups.every((group) => group === groups[0]),
    plurality: right[mostNamed(question.favourites, createDeviates(seed).uniform)] ?? false,
    choices,
  };
}

function mostNamed(favourites: readonly number[], random: () => number): number {
  const votes = favourites.map((_, seat) => favourites.filter((named) => named === seat).length);
  const most = Math.max(...votes);
  const first = [...votes.keys()].filter((seat) => votes[seat] === most);
  return first[Math.floor(random() * first.length)] ?? 0;
}
