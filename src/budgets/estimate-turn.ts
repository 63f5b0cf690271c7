import type { Catalogue } from "../backends/catalogue.ts";
import type { BackendConfig } from "../backends/config.ts";
import type { Policy } from "../coordination/policy.ts";
import type { AttachedFile } from "../platform.ts";

/** The part of a team that decides what a turn costs. */
export interface EstimatedTeam {
  /** Its file's. */
  readonly name: string;
  /** What people see. */
  readonly title: string;
  readonly agents: readonly { readonly name: string; readonly backend: BackendConfig }[];
  readonly policy: Policy;
  /** It is asked with the workspace's own API keys, which are none of the operator's money. */
  readonly ownKeys?: boolean;
}

/** What a turn is expected to use at most, as long as nothing unusual happens. */
export interface Estimate {
  readonly tokens: number;
  /** Millionths of a dollar, of the agents whose price is known. */
  readonly microUsd: number;
  /** Models without a known price: budgets in dollars do not see them. */
  readonly unpriced: readonly string[];
}

// Rules, tools and task of a prompt; the team's own instructions are mostly far shorter.
const FRAME_TOKENS = 2_000;
// What a move writes, thinking included: more than most, less than a model that thinks for minutes.
const REPLY_TOKENS = 2_000;
// What others read of it.
const ANSWER_TOKENS = 800;
const CHARACTERS_PER_TOKEN = 4;
// As the prompts are built: the rest is headroom.
const WINDOW_SHARE = 0.8;
const TOKENS_PER_IMAGE = 1_600;
const FILE_BYTES_PER_TOKEN = 20;

/** Tokens of a thread in a prompt: its text, and the files of the message that asks. */
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
 * Every agent answers, then reviews all answers as often as it may offer a better one and once more; nothing comes from a cache. That is
 * half as much again as the usual turn. A team's own limits cap it.
 */
export function estimateTurn(
  { agents, policy }: EstimatedTeam,
  thread: number,
  catalogue: Catalogue,
): Estimate {
  const { max_tokens = Infinity, max_cost_usd = Infinity } = policy.limits;
  const asked = policy.mode === "solo" ? agents.slice(0, 1) : agents;
  const each = asked.map(({ backend }, index) => {
    const usage = usageOf(policy, asked.length, index === 0);
    const room = catalogue.facts(backend).contextWindow * WINDOW_SHARE;
    const prompt = Math.min(FRAME_TOKENS + thread, room);
    const input = Math.ceil(usage.moves * prompt + usage.readTokens);
    const output = usage.moves * REPLY_TOKENS;
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

/** How often an agent is asked, and what it reads of the others. */
function usageOf({ mode, present, limits }: Policy, agents: number, isPresenter: boolean) {
  if (mode === "solo" || agents === 1) return { moves: 1, readTokens: 0 };
  const reviews = Math.min(limits.rounds, limits.revisions_per_agent + 1);
  const rewrites = present !== "reuse" && isPresenter ? 1 : 0;
  const readTokens = (reviews + rewrites) * agents * ANSWER_TOKENS;
  return { moves: 1 + reviews + rewrites, readTokens };
}

/** What turns of one team used. */
export interface Experience {
  readonly turns: number;
  readonly tokens: number;
  readonly microUsd: number;
}

// One turn tells little: the first of a thread is short, and simple questions come in a row.
const ENOUGH_TURNS = 3;
const MARGIN = 2;

/** An estimate, made smaller where the team's turns have been: twice their mean is enough. */
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
