import type { Catalogue } from "../backends/catalogue.ts";
import type { BackendConfig } from "../backends/config.ts";
import type { OutputHistory } from "../backends/output-history.ts";
import type { Policy } from "../coordination/policy.ts";
import type { AttachedFile } from "../platform.ts";

/** The parts of a team that determine a turn's cost. */
export interface EstimatedTeam {
  /** The team file's name. */
  readonly name: string;
  /** The name that people see. */
  readonly title: string;
  readonly agents: readonly { readonly name: string; readonly backend: BackendConfig }[];
  readonly policy: Policy;
  /** The team uses the workspace's own API keys, so the operator does not pay. */
  readonly ownKeys?: boolean;
}

/** A realistic upper estimate of a turn's usage. */
export interface Estimate {
  readonly tokens: number;
  /** Millionths of a dollar, for the agents with a known price. */
  readonly microUsd: number;
  /** Models without a known price. Dollar limits do not count them. */
  readonly unpriced: readonly string[];
}

// The rules, tools and task in a prompt. A team's own instructions are usually far shorter.
const FRAME_TOKENS = 2_000;
// Output of a move, thinking included: more than typical, less than a model that thinks for minutes.
const REPLY_TOKENS = 2_000;
// The part of it that other agents read.
const ANSWER_TOKENS = 800;
const CHARACTERS_PER_TOKEN = 4;
// The share of the window that prompts use; the rest is headroom.
const WINDOW_SHARE = 0.8;
const TOKENS_PER_IMAGE = 1_600;
const FILE_BYTES_PER_TOKEN = 20;

/** Prompt tokens of a thread: its text, plus the request's files. */
export const estimateThread = (
  characters: number,
  files: readonly Pick<AttachedFile, "mediaType" | "bytes">[],
): number =>
  files.reduce(
    (sum, { mediaType, bytes }) =>
      sum + (mediaType.startsWith("image/") ? TOKENS_PER_IMAGE : bytes / FILE_BYTES_PER_TOKEN),
    characters / CHARACTERS_PER_TOKEN,
  );

/**
 * Assumes that every agent answers, then reviews all answers once more than it may revise, without any cache hits. That is about 1.5 times
 * a typical turn. The team's own limits cap the estimate.
 */
export function estimateTurn(
  { agents, policy }: EstimatedTeam,
  thread: number,
  catalogue: Catalogue,
  outputs: OutputHistory | null = null,
): Estimate {
  const { max_tokens = Infinity, max_cost_usd = Infinity } = policy.limits;
  const asked = policy.mode === "solo" ? agents.slice(0, 1) : agents;
  const each = asked.map(({ backend }, index) => {
    const usage = usageOf(policy, asked.length, index === 0);
    const room = catalogue.facts(backend).contextWindow * WINDOW_SHARE;
    const prompt = Math.min(FRAME_TOKENS + thread, room);
    const input = Math.ceil(usage.moves * prompt + usage.readTokens);
    const output = Math.ceil(outputOf(backend, usage, outputs));
    const costUsd = catalogue.cost(backend, { input, cached: 0, cacheWritten: 0, output });
    return { tokens: input + output, costUsd, model: backend.model };
  });
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
  return {
    tokens: Math.min(max_tokens, sum(each.map(({ tokens }) => tokens))),
    microUsd: Math.ceil(Math.min(max_cost_usd, sum(each.map(({ costUsd }) => costUsd ?? 0))) * 1e6),
    unpriced: [...new Set(each.flatMap(({ costUsd, model }) => (costUsd === null ? [model] : [])))],
  };
}

/** What an agent writes in a turn: as measured for its model, else cautiously. */
function outputOf(
  { type, model }: BackendConfig,
  { reviews, rewrites }: ReturnType<typeof usageOf>,
  outputs: OutputHistory | null,
): number {
  const each = (kind: Parameters<OutputHistory["expected"]>[1]) =>
    outputs?.expected(`${type}:${model}`, kind) ?? REPLY_TOKENS;
  return each("answer") + reviews * each("review") + rewrites * each("present");
}

/** How often an agent is called, and how many tokens of other answers it reads. */
function usageOf({ mode, present, limits }: Policy, agents: number, isPresenter: boolean) {
  if (mode === "solo" || agents === 1) return { moves: 1, reviews: 0, rewrites: 0, readTokens: 0 };
  const reviews = Math.min(limits.rounds, limits.revisions_per_agent + 1);
  const rewrites = present !== "reuse" && isPresenter ? 1 : 0;
  const readTokens = (reviews + rewrites) * agents * ANSWER_TOKENS;
  return { moves: 1 + reviews + rewrites, reviews, rewrites, readTokens };
}

/** The recorded usage of one team's turns. */
export interface Experience {
  readonly turns: number;
  readonly tokens: number;
  readonly microUsd: number;
}

// A few turns are not representative: the first of a thread is short, and simple questions cluster.
const ENOUGH_TURNS = 3;
const MARGIN = 2;

/** Caps an estimate at twice the mean of the team's past turns. */
export function learnFrom(estimate: Estimate, { turns, tokens, microUsd }: Experience): Estimate {
  if (turns < ENOUGH_TURNS) return estimate;
  const least = (guess: number, used: number) =>
    Math.min(guess, Math.ceil((MARGIN * used) / turns));
  return {
    ...estimate,
    tokens: least(estimate.tokens, tokens),
    microUsd: least(estimate.microUsd, microUsd),
  };
}
