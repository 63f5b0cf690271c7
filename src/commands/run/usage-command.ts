import { type ConversationId, parseConversationId } from "../../ids.ts";
import { formatMoney, formatSpent, formatTokens } from "../../progress/format.ts";
import type { Scope } from "../../teams/bindings.ts";
import type { Period } from "../command.ts";
import { privately } from "./compose-reply.ts";
import { HERE } from "./describe-team.ts";
import type { Asker, CommandPorts, UsageTotals, UsageWhere } from "../ports.ts";
import type { CommandReply } from "../../reply.ts";

const DAY_MS = 86_400_000;
const DAYS: Readonly<Record<Period, number | null>> = { day: 1, week: 7, month: 30, all: null };
const SINCE: Readonly<Record<Period, string>> = {
  day: "the last 24 hours",
  week: "the last 7 days",
  month: "the last 30 days",
  all: "all time",
};

function placeOf(conversation: ConversationId, scope: Scope): UsageWhere {
  const { platform, space, channel } = parseConversationId(conversation);
  if (scope === "thread") return { conversation };
  return scope === "channel" ? { platform, space, channel } : { platform, space };
}

/** The cost; "at least" where some of it has no known price. */
function formatCost({ costUsd, unpriced, estimated, input, output }: UsageTotals): string {
  if (unpriced === 0) return formatSpent({ tokens: input + output, costUsd, estimated }).money;
  return costUsd === 0 ? formatMoney(null) : `at least ${formatMoney(costUsd)}`;
}

const rowOf = (what: string, sums: UsageTotals): readonly string[] => [
  what,
  String(sums.turns),
  formatTokens(sums.input),
  formatTokens(sums.cached),
  formatTokens(sums.cacheWritten),
  formatTokens(sums.output),
  formatCost(sums),
];

/** `usage`: sums by agent and by model. */
export async function usageReport(
  { usage, wallClock }: Pick<CommandPorts, "usage" | "wallClock">,
  asker: Asker,
  { scope, period }: { readonly scope: Scope; readonly period: Period },
): Promise<CommandReply> {
  const days = DAYS[period];
  const where = {
    ...placeOf(asker.conversation, scope),
    ...(days === null ? {} : { from: wallClock() - days * DAY_MS }),
  };
  const total = await usage.sum(where);
  const title = `Usage in ${HERE[scope]}, ${SINCE[period]}`;
  if (total.turns === 0) return privately(title, ["No usage yet."]);
  const agents = await usage.sumBy("agent", where);
  const models = await usage.sumBy("model", where);
  const rows = [
    ...agents.map(({ key, ...sums }) => rowOf(key, sums)),
    ...models.map(({ key, ...sums }) => rowOf(`model ${key}`, sums)),
    rowOf("all", total),
  ];
  const columns = ["", "Turns", "In", "Cached", "Written", "Out", "Cost"];
  const notes =
    total.estimated > 0
      ? [
          `${formatTokens(total.estimated)} of the tokens are estimated (≈), because their calls were stopped.`,
        ]
      : [];
  return privately(title, notes, [{ type: "table", columns, rows }]);
}
