import { Policy } from "../../src/coordination/policy.ts";
import { AgentId, TurnId } from "../../src/ids.ts";
import { calibratedQuestion } from "./calibrated-question.ts";
import { independentQuestion } from "./independent-question.ts";
import { playTurn } from "./play-turn.ts";
import { createDeviates, places, type Question } from "./question.ts";
import { recordResults } from "./record-results.ts";
import type { Calibrated, Independent } from "./settings.ts";

export type Setting = Calibrated | Independent;

/** How the answer is chosen: the policy of a team. */
export interface Rule {
  readonly name: string;
  readonly policy: Parameters<typeof Policy.parse>[0];
}

/** What a rule did with one question. */
export interface Choice {
  /** The posted answer is right. */
  readonly right: boolean;
  readonly calls: number;
  readonly closedBy: string;
}

/** One question, and what each rule made of the same answers and ballots. */
export interface Outcome {
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
  for (const number of places(questions)) {
    const question = questionOf(setting, seed, number);
    outcomes.push(await playQuestion(question, rules, seed + number * 13));
  }
  return outcomes;
}

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
  seed: number,
): Promise<Outcome> {
  const { right, ablest, groups } = question;
  const agents = right.map((_, seat) => AgentId.parse(`seat-${seat}`));
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
    };
    const { uniform } = createDeviates(seed + 1);
    const { state, calls } = await playTurn(start, results, uniform);
    const posted = state.revisions.find(({ id }) => id === state.closing?.revision);
    const seat = agents.findIndex((id) => id === posted?.agent);
    const closedBy = state.closing?.closedBy ?? "";
    choices[name] = { right: right[seat] ?? false, calls, closedBy };
  }
  return {
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
