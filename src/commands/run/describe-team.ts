import type { Limits } from "../../coordination/policy.ts";
import { formatCount, formatMoney, formatTokens } from "../../progress/format.ts";
import { type ConversationId, parseConversationId } from "../../ids.ts";
import type { ResolvedTeam, Scope } from "../../teams/bindings.ts";
import { NoTeamError } from "../../teams/unusable-team.ts";
import type { Agent, Team } from "../../teams/team.ts";
import { signerOf } from "../../text/signature.ts";
import { plain } from "./compose-reply.ts";
import type { CommandPorts } from "../ports.ts";
import type { ReplyBlock } from "../../reply.ts";

/** How people call a scope. */
export const HERE: Readonly<Record<Scope, string>> = {
  thread: "this thread",
  channel: "this channel",
  space: "this space",
};

/** "gpt-6-sol (openai, reasoning high, web search)". */
function formatBackend({ type, model, reasoning, web_search }: Agent["backend"]): string {
  const traits = [type, reasoning && `reasoning ${reasoning}`, web_search && "web search"];
  return `${model} (${traits.filter(Boolean).join(", ")})`;
}

const rowOf = ({ id, name, backend, fallback }: Agent): readonly string[] => [
  name,
  id,
  [formatBackend(backend), ...(fallback ? [`else ${formatBackend(fallback)}`] : [])].join(", "),
];

/** The agents of a team, a row each. */
export const agentsTable = (agents: readonly Agent[]): ReplyBlock => ({
  type: "table",
  columns: ["Agent", "Id", "Model"],
  rows: agents.map(rowOf),
});

const budgetOf = ({ max_tokens, max_cost_usd }: Limits): string =>
  [
    ...(max_tokens === undefined ? [] : [`${formatTokens(max_tokens)} tokens`]),
    ...(max_cost_usd === undefined ? [] : [formatMoney(max_cost_usd)]),
  ].join(" and ") || "no limit on tokens or cost";

const COUNTED = {
  pooled: "equal answers count together",
  scores: "the mean of the reviewers' scores decides",
  plurality: "one vote per reviewer decides",
} as const;

const PRESENTED = {
  reuse: "the elected text, unchanged",
  polish: "the elected text, polished by its author",
  synthesize: "all answers, merged by the elected one's author",
} as const;

/** What the models of a team do not take, as their servers said. */
export const concessionLines = (
  { agents }: Team,
  concessions: CommandPorts["concessions"] = () => [],
): readonly string[] =>
  agents.flatMap(({ name, backend }) =>
    concessions(backend).map((what) => `- ${plain(name)} ${plain(what)}`),
  );

/** How a team works and where its limits are, a line each. */
export function policyLines({ policy }: Team): readonly string[] {
  const { mode, tally, present, during_turn, limits } = policy;
  const budget = `- A turn: at most ${limits.turn_timeout} s, ${budgetOf(limits)}`;
  const meanwhile = `- A message during a turn: ${during_turn}`;
  if (mode === "solo") return ["- Mode solo: the first agent alone", meanwhile, budget];
  return [
    `- Mode ${mode}, ${COUNTED[tally]}; the answer is ${PRESENTED[present]}`,
    meanwhile,
    budget,
    `- An agent: ${formatCount(limits.revisions_per_agent, "revision")}, ${formatCount(limits.rounds, "review")}, ${limits.move_timeout} s a move`,
  ];
}

/** " by Ada"; "" if nobody's name is known. */
export function formatSigner(by: string | null): string {
  const name = by === null ? null : signerOf(by);
  return name === null ? "" : ` by ${plain(name)}`;
}

/** Why this team answers: "chosen for this channel by Ada". */
export function formatBecause({ because, by }: ResolvedTeam): string {
  const who = formatSigner(by);
  switch (because) {
    case "thread":
    case "channel":
    case "space":
      return `chosen for ${HERE[because]}${who}`;
    case "setting":
      return "the default of this installation";
    case "request":
      return "requested with the question";
    case "demo":
      return "no API key is set, so this is a demonstration";
    case "default":
      return "the default";
  }
}

/** "council · 3 agents", or the whole reason why no team can answer in the conversation, for those who run Parley. */
export async function describeBoundTeam(
  { bindings }: Pick<CommandPorts, "bindings">,
  conversation: ConversationId,
): Promise<string> {
  try {
    const { team } = await bindings.resolve(parseConversationId(conversation));
    return `${team.title} · ${formatCount(team.agents.length, "agent")}`;
  } catch (error) {
    if (error instanceof NoTeamError) return error.detail;
    throw error;
  }
}
