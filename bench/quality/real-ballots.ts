import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { Policy } from "../../src/coordination/policy.ts";
import { NO_USAGE } from "../../src/coordination/spending.ts";
import { AgentId, TurnId } from "../../src/ids.ts";
import { measureSetting } from "./measure-setting.ts";
import { choiceOf, type Choice, type Outcome } from "./play-setting.ts";
import { playTurn } from "./play-turn.ts";
import { printTable } from "./print-table.ts";
import { average, createDeviates, highest } from "./question.ts";
import type { Results } from "./record-results.ts";

const Row = z.object({
  set: z.string(),
  kind: z.string(),
  right: z.array(z.boolean()),
  cluster: z.array(z.number()),
  score: z.array(z.array(z.number())),
});
type Row = z.infer<typeof Row>;
const Ballots = z.object({ models: z.array(z.string()), rows: z.array(Row) });

/** Each reviewer has read the answers once. */
const ONE_READ = { limits: { rounds: 1, revisions_per_agent: 0 } };
const RULES = [
  { name: "scores", policy: { ...ONE_READ, tally: "scores" } },
  { name: "pooled, one read", policy: { ...ONE_READ, tally: "pooled" } },
] as const;

/** Replays the rules on public ballots whose truth is known; says so when the folder holds none. */
export async function replayBallots(folder: string, seed: number): Promise<void> {
  const text = await readFile(join(folder, "peerreview.json"), "utf8").catch(() => null);
  if (text === null) return console.log(`\nNo public ballots in ${folder}: left out.`);
  const { rows } = Ballots.parse(JSON.parse(text));
  const sets = Map.groupBy(rows, ({ set, kind }) => `${set}, ${kind}`);
  const figures = [];
  for (const [name, some] of sets) {
    const accuracy = (some[0]?.right ?? []).map((_, seat) =>
      average(some.map(({ right }) => Number(right[seat]))),
    );
    const outcomes: Outcome[] = [];
    for (const [at, row] of some.entries()) {
      outcomes.push(await replay(row, { ablest: highest(accuracy), seed: seed + at * 13 }));
    }
    figures.push(measureSetting(name, outcomes, { size: accuracy.length, seed }));
  }
  printTable("Public ballots of four 7–8B models", figures);
}

async function replay(
  row: Row,
  { ablest, seed }: { readonly ablest: number; readonly seed: number },
): Promise<Outcome> {
  const { right, cluster, score } = row;
  const ids = right.map((_, seat) => AgentId.parse(`seat-${seat}`));
  const choices: Record<string, Choice> = {};
  for (const { name, policy } of RULES) {
    const start = {
      type: "turn_started" as const,
      at: 0,
      turn: TurnId.parse(`row-${seed}`),
      team: "bench",
      agents: ids.map((id) => ({ id, name: id })),
      policy: Policy.parse(policy),
    };
    const played = await playTurn(start, {
      results: resultsOf(row, ids),
      random: createDeviates(seed).uniform,
    });
    choices[name] = choiceOf(played, (agent) => right[ids.indexOf(agent)] ?? false);
  }
  const votes = ids.map((_, seat) => score.filter((given) => highest(given) === seat).length);
  return {
    right,
    oracle: right.some(Boolean),
    ablest: right[ablest] ?? false,
    agents: average(right.map(Number)),
    unanimous: cluster.every((one) => one === cluster[0]),
    plurality: right[highest(votes)] ?? false,
    choices,
  };
}

/** The row's answers and ballots in place of models. */
const resultsOf = ({ cluster, score }: Row, ids: readonly AgentId[]): Results => ({
  async of(move) {
    const seat = ids.indexOf(move.agent);
    const usage = NO_USAGE;
    if (move.kind === "answer") {
      const claim = `result ${cluster[seat]}`;
      return { kind: "answered", text: `answer of ${seat}`, claim, scores: [], reason: "", usage };
    }
    const scores = move.shown.map(({ label, revision }) => {
      const author = ids.findIndex((id) => revision.startsWith(`${id}.`));
      return { label, score: score[seat]?.[author] ?? 0 };
    });
    return { kind: "voted", scores, reason: "", usage };
  },
});
