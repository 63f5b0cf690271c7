import type { Catalogue } from "../backends/catalogue.ts";
import { expectedOutput } from "../backends/expected-output.ts";
import type { OutputHistory } from "../backends/output-history.ts";
import { formatMoney, formatTokens } from "../progress/format.ts";
import type { EstimatedTeam } from "./estimate-turn.ts";
import { typed } from "../text/spelling.ts";

/** What the first answers of a turn need at least. */
export interface FirstAnswers {
  readonly tokens: number;
  /** US dollars, for the agents with a known price. */
  readonly costUsd: number;
}

// The rules, tools and task of a first answer, as a move estimates them.
const FRAME_TOKENS = 1_750;

/** Realistic, not cautious: a turn that would fit must not be refused. `thread`: its tokens. */
export function firstAnswers(
  { agents, policy }: EstimatedTeam,
  thread: number,
  { catalogue, outputs }: { readonly catalogue: Catalogue; readonly outputs: OutputHistory | null },
): FirstAnswers {
  const asked = policy.mode === "team" ? agents : agents.slice(0, 1);
  return asked.reduce<FirstAnswers>(
    (sum, { backend }) => {
      const input = FRAME_TOKENS + Math.ceil(thread);
      const output = expectedOutput(backend, "answer", { catalogue, outputs });
      const usage = { input, cached: 0, cacheWritten: 0, output };
      return {
        tokens: sum.tokens + input + output,
        costUsd: sum.costUsd + (catalogue.cost(backend, usage) ?? 0),
      };
    },
    { tokens: 0, costUsd: 0 },
  );
}

/** Rounded up to two digits: a limit that people would write. */
function roundUp(amount: number): number {
  const unit = 10 ** (Math.floor(Math.log10(amount)) - 1);
  return Number((Math.ceil(amount / unit - 1e-9) * unit).toPrecision(12));
}

/** Why a team's own limits leave no room for first answers, with the smallest ones that would do; null: they do. */
export function tooSmallForFirst(team: EstimatedTeam, need: FirstAnswers): string | null {
  const { max_cost_usd = Infinity, max_tokens = Infinity } = team.policy.limits;
  const isOne = team.agents.length === 1 || team.policy.mode !== "team";
  const who = isOne ? "the first answer alone is" : "the first answers alone are";
  const why = (limit: string, needed: string, setting: string) =>
    `A turn of ${team.title} may use at most ${limit}, and ${who} estimated at ${needed}. The smallest limit that would do is ${setting} in the team file. A smaller team may fit (${typed("ask --team TEAM QUESTION")}).`;
  if (need.costUsd > max_cost_usd) {
    const least = roundUp(need.costUsd);
    return why(formatMoney(max_cost_usd), formatMoney(need.costUsd), `\`max_cost_usd: ${least}\``);
  }
  if (need.tokens > max_tokens) {
    const least = roundUp(need.tokens);
    return why(
      `${formatTokens(max_tokens)} tokens`,
      `${formatTokens(need.tokens)} tokens`,
      `\`max_tokens: ${least}\``,
    );
  }
  return null;
}
