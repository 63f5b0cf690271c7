import { ARITHMETIC } from "../../../src/checks/arithmetic/arithmetic.ts";
import { createChecks } from "../../../src/checks/create-checks.ts";
import { DATES } from "../../../src/checks/dates/dates.ts";
import { systemClock } from "../../../src/clock.ts";
import type { Revision } from "../../../src/coordination/turn-state.ts";
import { Policy } from "../../../src/coordination/policy.ts";
import { type AgentId, TurnId } from "../../../src/ids.ts";
import { printAgreement, printReal } from "./print-real.ts";
import { playTurn } from "../play-turn.ts";
import { average, createDeviates } from "../question.ts";
import { choiceOf, type Outcome } from "../play-setting.ts";
import { chanceGain, printComparison } from "../compare-ballots.ts";
import { BALLOT_RULES, RULES } from "../rules.ts";
import { pairsIn } from "../shared-errors.ts";
import { judgeAnswer } from "./judge-answer.ts";
import type { Answered } from "./answered.ts";
import { isRight, readQuestions, type RealQuestion } from "./question-file.ts";
import { recordAnswers, type Spent } from "./record-answers.ts";
import { type SeatedTeam, seatTeam } from "./seat-team.ts";

/** What the bench of real models is asked to do. */
export interface RealOptions {
  /** A team file, or the name of a team that Parley ships with. */
  readonly team: string;
  readonly questions: string;
  readonly maxCostUsd: number;
  readonly seed: number;
}

/** Asks a team of real models, and replays every rule on the same answers and ballots. */
export async function runReal(options: RealOptions): Promise<Record<string, number>> {
  const seated = await seatTeam(options.team);
  const questions = await readQuestions(options.questions);
  const spent: Spent = { calls: 0, tokens: 0, costUsd: 0, unpriced: 0 };
  const answered: Answered[] = [];
  for (const [at, question] of questions.entries()) {
    if (isUsedUp(spent, at, options.maxCostUsd)) {
      console.log(
        `$${spent.costUsd.toFixed(2)} of $${options.maxCostUsd} are used, which leaves no room for another question: ${questions.length - at} left out.`,
      );
      break;
    }
    const one = await askTeam(seated, question, { spent, seed: options.seed + at * 13 });
    if (one) answered.push(one);
    else console.log(`${question.id}: nobody answered; left out.`);
  }
  if (answered.length === 0) throw new Error("No question was answered.");
  const names = seated.team.agents.map(({ name }) => name);
  printReal(names, answered, options.seed);
  printAgreement(answered);
  const gain = chanceGain(answered, BALLOT_RULES, options.seed);
  printComparison(gain, answered.length);
  if (spent.unpriced > 0) {
    console.log(`The price of ${spent.unpriced} calls is unknown, so no limit held for them.`);
  }
  console.log(
    `\n${answered.length} questions, ${spent.calls} calls, ${spent.tokens} tokens, $${spent.costUsd.toFixed(3)}`,
  );
  return {
    questions: answered.length,
    team_pct: 100 * average(answered.map(({ choices }) => Number(choices["pooled"]?.right))),
    oracle_pct: 100 * average(answered.map(({ oracle }) => Number(oracle))),
    calls: spent.calls,
    tokens: spent.tokens,
    cost_usd: spent.costUsd,
    chance_gain_points: gain.value,
    chance_gain_half: gain.half,
  };
}

/** Whether another question of the usual cost would go beyond the limit. */
const isUsedUp = ({ costUsd }: Spent, asked: number, most: number): boolean =>
  costUsd + costUsd / Math.max(1, asked) > most;

const check = createChecks([ARITHMETIC, DATES], {
  clock: systemClock,
  onProblem: (problem) => console.error(problem),
});

async function askTeam(
  seated: SeatedTeam,
  question: RealQuestion,
  { spent, seed }: { readonly spent: Spent; readonly seed: number },
): Promise<Answered | null> {
  const results = recordAnswers(seated, question, spent);
  const ids = seated.agents.map(({ id }) => id);
  const choices: Record<string, Outcome["choices"][string]> = {};
  let right: readonly boolean[] | null = null;
  let first: Outcome | null = null;
  const isRightOf = (agent: AgentId) => right?.[ids.indexOf(agent)] ?? false;
  for (const { name, policy } of RULES.filter(({ policy }) => policy.scoreboard === undefined)) {
    const start = {
      type: "turn_started" as const,
      at: 0,
      turn: TurnId.parse(`question-${seed}`),
      team: seated.team.name,
      agents: ids.map((id) => ({ id, name: id })),
      // Every rule replays the same answers, so none may be revised.
      policy: Policy.parse({ ...policy, limits: { revisions_per_agent: 0 } }),
    };
    const played = await playTurn(start, { results, check, random: createDeviates(seed).uniform });
    const { agents, revisions, ballots } = played.state;
    if (revisions.length === 0) return null;
    // Who repeated another answer stands behind it; who gave none is wrong.
    const own = agents.map(({ id, repeated }) =>
      revisions.find((one) => one.agent === id || one.id === repeated),
    );
    right ??= await Promise.all(own.map((revision) => judge(seated, question, revision)));
    choices[name] = choiceOf(played, isRightOf);
    first ??= {
      right,
      oracle: right.some(Boolean),
      ablest: false,
      agents: average(right.map(Number)),
      unanimous: own.every((one) => one?.result && one.result === own[0]?.result),
      plurality: right[favourite(own, ballots)] ?? false,
      choices,
    };
  }
  return first ? { ...first, pairs: pairsIn(choices["pooled"]?.groups ?? [], isRightOf) } : null;
}

async function judge(
  { agents }: SeatedTeam,
  question: RealQuestion,
  revision: Revision | undefined,
): Promise<boolean> {
  if (!revision) return false;
  const known = isRight(question, revision);
  const [first] = agents;
  if (known !== null || !first) return known ?? false;
  return judgeAnswer(first.backend, question, `${revision.claim ?? ""}\n${revision.text}`);
}

/** The answer that most first ballots put first. */
function favourite(
  own: readonly (Revision | undefined)[],
  ballots: readonly { readonly scores: Readonly<Record<string, number>> }[],
): number {
  const votes = own.map(
    (revision) =>
      ballots.filter(({ scores }) => {
        const given = revision && scores[revision.id];
        return given !== undefined && given === Math.max(...Object.values(scores));
      }).length,
  );
  return votes.indexOf(Math.max(...votes));
}
