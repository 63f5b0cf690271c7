import type { Catalogue } from "../backends/catalogue.ts";
import type { OutputHistory } from "../backends/output-history.ts";
import type { ThreadMessage } from "../platform.ts";
import type { Meter } from "../store/tables/budgets.ts";
import type { Repositories } from "../store/store.ts";
import type { Calendar } from "./calendar.ts";
import {
  type Estimate,
  type EstimatedTeam,
  estimateThread,
  estimateTurn,
  learnFrom,
} from "./estimate-turn.ts";
import { ownerOf, type Reach, REACHES, type Where } from "./reach.ts";
import { type Reading, type Rule, rulesAt } from "./rules.ts";

/** A limit from PARLEY_BUDGET. */
export type InstalledLimit = Omit<Rule, "by">;

export interface BudgetsOptions {
  readonly store: Pick<Repositories, "bindings" | "budgets" | "messages">;
  readonly catalogue: Catalogue;
  /** What models wrote so far. Default: nothing is measured. */
  readonly outputs?: OutputHistory | null | undefined;
  readonly calendar: Calendar;
  readonly installed: readonly InstalledLimit[];
  /** Whether several workspaces share the installation. If so, its total usage is hidden from them. Default: no. */
  readonly isMany?: () => boolean;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
}

export const NO_ESTIMATE: Estimate = { tokens: 0, microUsd: 0, unpriced: [] };

/** Usage on a workspace's own keys does not count against the installation's limit. */
const isCounted = (reach: Reach, team: EstimatedTeam | null): boolean =>
  reach !== "all" || !team?.ownKeys;

/** All limits that apply to a request. */
export const allRules = async (
  { installed }: BudgetsOptions,
  bindings: Repositories["bindings"],
  where: Where,
  team: EstimatedTeam | null,
): Promise<readonly Rule[]> => [
  ...installed.filter(({ reach }) => isCounted(reach, team)).map((rule) => ({ ...rule, by: null })),
  ...(await rulesAt(bindings, where)),
];

/** The parts of a turn that determine its cost. */
export interface Estimated extends Pick<Where, "conversation"> {
  readonly message: Pick<ThreadMessage, "files">;
  /** Null if the team cannot be read, so its cost is unknown. */
  readonly team: EstimatedTeam | null;
}

/** The expected usage of a turn. */
export async function estimateOf(
  { catalogue, outputs }: BudgetsOptions,
  { messages, budgets }: Pick<Repositories, "messages" | "budgets">,
  { team, conversation, message }: Estimated,
  reading: Reading,
): Promise<Estimate> {
  if (!team) return NO_ESTIMATE;
  const characters = await messages.size(conversation);
  const thread = estimateThread(characters, message.files);
  const guess = estimateTurn(team, thread, catalogue, outputs);
  const [today] = await budgets.read([teamMeter(team, reading)]);
  return today ? learnFrom(guess, today) : guess;
}

/** The meter of a team's usage in a day. */
export function teamMeter({ name }: EstimatedTeam, { calendar, at }: Reading): Meter {
  const { name: period, endsAt } = calendar.periodAt("day", at);
  return { owner: `team:${encodeURIComponent(name)}`, period, endsAt, label: "" };
}

/** Daily meters that count all usage, so that a new limit includes earlier usage. */
export const dayMeters = (
  where: Where & { readonly name: string },
  { calendar, at }: Reading,
  team: EstimatedTeam | null,
) => {
  const { name: period, endsAt } = calendar.periodAt("day", at);
  return REACHES.filter((reach) => isCounted(reach, team)).map((reach) => ({
    reach,
    owner: ownerOf(reach, where),
    period,
    endsAt,
    label: reach === "person" ? where.name : "",
  }));
};
