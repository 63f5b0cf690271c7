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
import { learnSkills, type TurnRecord } from "./track-records.ts";
import type { Calibrated, Independent } from "./settings.ts";

export type Setting = Calibrated | Independent;

/** How the answer is chosen: the policy of a team. */
export interface Rule {
  readonly name: string;
  readonly policy: z.input<typeof Policy>;
  /** Agents count by their track records, learned from the turns before. */
  readonly records?: true;
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

/** Reviewers keep their skill for so many questions. */
const SKILL_LASTS = 500;

/** Plays so many questions of a setting by every rule, on the same answers and ballots. */
export async function playSetting(
  setting: Setting,
  rules: readonly Rule[],
  { questions, seed }: { readonly questions: number; readonly seed: number },
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const learning = rules.filter(({ records }) => records);
  const books = new Map(learning.map(({ name }) => [name, createBook(sizeOf(setting))]));
  const skillsOf = (rule: string) => books.get(rule)?.skills() ?? [];
  const play = async (number: number, some: readonly Rule[]) => {
    const question = questionOf(setting, seed, number);
    const outcome = await playQuestion(question, some, { skillsOf, seed: seed + number * 13 });
    for (const { name } of learning) books.get(name)?.add(outcome.choices[name]);
    return outcome;
  };
  if (learning.length > 0) {
    for (const number of places(WARM_UP)) await play(questions + number, learning);
  }
  for (const number of places(questions)) outcomes.push(await play(number, rules));
  return outcomes;
}

/** Questions from which track records are learned before any is measured, and how often they are learned anew. */
const WARM_UP = 300;
const LEARN_EVERY = 50;

/** The turns of one rule, and what they say about its agents. */
function createBook(size: number) {
  const turns: TurnRecord[] = [];
  let skills: readonly number[] = places(size).map(() => 0);
  return {
    skills: () => skills,
    add(choice: Choice | undefined) {
      if (!choice) return;
      const groups = choice.groups.map((group) => group.map((id) => seatOf(id)));
      turns.push({ groups, favours: choice.favours });
      if (turns.length % LEARN_EVERY !== 0) return;
      skills = learnSkills(
        turns,
        places(size).map(() => 0),
      );
    },
  };
}

const idOf = (seat: number): AgentId => AgentId.parse(`seat-${seat}`);
/** The place of an agent. */
export const seatOf = (id: AgentId): number => Number(id.replace("seat-", ""));

/** The number of agents. */
export const sizeOf = (setting: Setting): number =>
  "agents" in setting ? setting.agents : setting.ability.length;

function questionOf(setting: Setting, seed: number, number: number): Question {
  const own = (seed * 100_003 + number * 17) >>> 0;
  if ("agents" in setting) return independentQuestion(setting, own);
  const { normal } = createDeviates(seed * 31 + Math.floor(number / SKILL_LASTS));
  const skills = setting.ability.map(() => setting.discSd * normal());
  return calibratedQuestion(setting, skills, own);
}

async function playQuestion(
  question: Question,
  rules: readonly Rule[],
  {
    skillsOf,
    seed,
  }: { readonly skillsOf: (rule: string) => readonly number[]; readonly seed: number },
): Promise<Outcome> {
  const { right, ablest, groups } = question;
  const agents = right.map((_, seat) => idOf(seat));
  const results = recordResults(agents, question);
  const choices: Record<string, Choice> = {};
  for (const { name, policy } of rules) {
    const start = {
      type: "turn_started" as const,
      at: 0,
      turn: TurnId.parse(`question-${seed}`),
      team: "bench",
      agents: agents.map((id) => ({ id, name: id })),
      policy: Policy.parse(policy),
      skills: Object.fromEntries(skillsOf(name).map((skill, seat) => [idOf(seat), skill])),
    };
    const { uniform } = createDeviates(seed + 1);
    const played = await playTurn(start, { results, random: uniform });
    choices[name] = choiceOf(played, (agent) => right[agents.indexOf(agent)] ?? false);
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
