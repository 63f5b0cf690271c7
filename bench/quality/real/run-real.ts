import type { Revision } from "../../../src/coordination/turn-state.ts";
import { Policy } from "../../../src/coordination/policy.ts";
import { TurnId } from "../../../src/ids.ts";
import { printAgreement, printReal } from "./print-real.ts";
import { playTurn } from "../play-turn.ts";
import { average, createDeviates } from "../question.ts";
import { choiceOf, type Outcome } from "../play-setting.ts";
import { RULES } from "../rules.ts";
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
  const spent: Spent = { calls: 0, tokens: 0, costUsd: 0 };
  const answered: Answered[] = [];
  for (const [at, question] of questions.entries()) {
    if (spent.costUsd >= options.maxCostUsd) {
      console.log(
        `$${spent.costUsd.toFixed(2)} are used: ${questions.length - at} questions left out.`,
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
  };
}

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
  for (const { name, policy } of RULES.filter(({ records }) => !records)) {
    const start = {
      type: "turn_started" as const,
      at: 0,
      turn: TurnId.parse(`question-${seed}`),
      team: seated.team.name,
      agents: ids.map((id) => ({ id, name: id })),
      // Every rule replays the same answers, so none may be revised.
      policy: Policy.parse({ ...policy, limits: { revisions_per_agent: 0 } }),
    };
    const played = await playTurn(start, results, createDeviates(seed).uniform);
    const { agents, revisions, ballots } = played.state;
    if (revisions.length === 0) return null;
    // Who repeated another answer stands behind it; who gave none is wrong.
    const own = agents.map(({ id, repeated }) =>
      revisions.find((one) => one.agent === id || one.id === repeated),
    );
    right ??= await Promise.all(own.map((revision) => judge(seated, question, revision)));
    choices[name] = choiceOf(played, (agent) => right?.[ids.indexOf(agent)] ?? false);
    first ??= {
      oracle: right.some(Boolean),
      ablest: false,
      agents: average(right.map(Number)),
      unanimous: false,
      plurality: right[favourite(own, ballots)] ?? false,
      choices,
    };
  }
  return right && first
    ? { ...first, right, pairs: pairsIn(choices["pooled"]?.groups ?? [], ids, right) }
    : null;
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

function pairsIn(
  groups: readonly (readonly string[])[],
  ids: readonly string[],
  right: readonly boolean[],
): Answered["pairs"] {
  const pairs = groups.flatMap((group) =>
    group.flatMap((one, at) => group.slice(at + 1).map((other) => [one, other] as const)),
  );
  const isRightOf = (id: string) => right[ids.indexOf(id)];
  return {
    all: pairs.length,
    alike: pairs.filter(([one, other]) => isRightOf(one) === isRightOf(other)).length,
  };
}
