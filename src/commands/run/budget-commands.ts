import type { Grant } from "../../budgets/grants.ts";
import { amountOf, HOLDERS, isOperators } from "../../budgets/format-refusal.ts";
import { formatLimit, type Limit } from "../../budgets/limit.ts";
import type { Report } from "../../budgets/report.ts";
import { needOf, type LimitStatus } from "../../budgets/rules.ts";
import { formatCount, formatDuration, formatMoney, formatTokens } from "../../progress/format.ts";
import type { Scope } from "../../teams/bindings.ts";
import { NoTeamError } from "../../teams/unusable-team.ts";
import type { Team } from "../../teams/team.ts";
import type { Command } from "../command.ts";
import { isAtLeast } from "../command-levels.ts";
import { plain, privately, publicly, refused } from "./compose-reply.ts";
import { typed } from "../../text/spelling.ts";
import { HERE, formatSigner } from "./describe-team.ts";
import { signerOf } from "../../text/signature.ts";
import type { Level } from "../../platform.ts";
import type { Asker, CommandPorts } from "../ports.ts";
import type { CommandReply, ReplyBlock } from "../../reply.ts";
import { teamHere, whoIs } from "./team-commands.ts";

type Ports = Pick<CommandPorts, "budgets" | "bindings" | "teams" | "wallClock">;
type Given<N extends Command["name"]> = Extract<Command, { readonly name: N }>;

const whereIs = (asker: Asker) => ({
  conversation: asker.conversation,
  person: whoIs(asker),
  name: asker.person.name,
});

/** Null: no team can answer here; limits can be set all the same. */
async function teamOrNone(ports: Ports, asker: Asker): Promise<Team | null> {
  try {
    return (await teamHere(ports, asker)).team;
  } catch (error) {
    if (error instanceof NoTeamError) return null;
    throw error;
  }
}

/** `budget show`. */
export async function budgetShow(ports: Ports, asker: Asker): Promise<CommandReply> {
  const team = await teamOrNone(ports, asker);
  const report = await ports.budgets.report(whereIs(asker), team);
  const { calendar } = ports.budgets;
  const { endsAt } = report.day;
  const lines = [
    ...(report.statuses.length === 0
      ? [
          `There are no limits here. An admin can set one: ${typed("budget set 5usd/day --channel")}.`,
        ]
      : []),
    ...report.grants.map(
      ({ scope, grant, by }) => `- ${grantLine(ports, scope, grant)}${formatSigner(by)}.`,
    ),
    ...(team ? [`- ${estimateLine(report, team)}`] : []),
    `- The day ends at ${calendar.formatTime(endsAt)}, in ${formatDuration(endsAt - ports.wallClock())}.`,
  ];
  const isTold = isAtLeast(asker.level, "operator");
  return privately("Budgets", lines, [
    ...limitsTable(ports, report, asker),
    usedTable(report),
    ...(isTold ? mostTable(report) : []),
  ]);
}

const whoSet = (by: string | null, level: Level): string =>
  by === null ? (level === "installation" ? "PARLEY_BUDGET" : OPERATOR) : (signerOf(by) ?? "");

const limitsTable = (
  ports: Ports,
  { statuses, isShared }: Report,
  { level }: Asker,
): readonly ReplyBlock[] =>
  statuses.length === 0
    ? []
    : [
        {
          type: "table",
          columns: ["Limit", "For", "Used", "Reserved", "Left", "Resets", "Set by"],
          rows: statuses.map((status) =>
            level !== "installation" && isOperators(status, { isShared })
              ? operatorsRow(ports, status)
              : limitRow(ports, status, level),
          ),
        },
      ];

/** Without amounts, since they cover all workspaces. */
const operatorsRow = (ports: Ports, status: LimitStatus): readonly string[] => {
  const { rule, limit, used, reserved } = status;
  const left = used + reserved < limit ? "" : "nothing";
  return [
    "the operator's limit",
    HOLDERS[rule.reach],
    "",
    "",
    left,
    freesUp(ports, status),
    OPERATOR,
  ];
};

const freesUp = ({ budgets, wallClock }: Ports, { meter }: LimitStatus): string =>
  `${budgets.calendar.formatTime(meter.endsAt)}, in ${formatDuration(meter.endsAt - wallClock())}`;

const OPERATOR = "the operator";

function limitRow(ports: Ports, status: LimitStatus, level: Level): readonly string[] {
  const { rule, limit, used, reserved } = status;
  const amount = (value: number) => amountOf(status, value);
  return [
    formatLimit(rule.limit),
    rule.reach === "person" ? "each person (you)" : HOLDERS[rule.reach],
    amount(used),
    reserved > 0 ? amount(reserved) : "",
    amount(Math.max(0, limit - used - reserved)),
    freesUp(ports, status),
    whoSet(rule.by, level),
  ];
}

const OWNERS = { person: "you", channel: HERE.channel, space: HERE.space } as const;

const usedTable = ({ today }: Report): ReplyBlock => ({
  type: "table",
  columns: ["Used today", "Turns", "Tokens", "Cost"],
  rows: today.flatMap(({ reach, ...use }) => (reach === "all" ? [] : [useRow(OWNERS[reach], use)])),
});

const mostTable = ({ most }: Report): readonly ReplyBlock[] =>
  most.length === 0
    ? []
    : [
        {
          type: "table",
          columns: ["Most in this space today", "Turns", "Tokens", "Cost"],
          rows: most.map((use) => useRow(use.label || use.owner, use)),
        },
      ];

const useRow = (
  who: string,
  use: { readonly turns: number; readonly tokens: number; readonly microUsd: number },
): readonly string[] => [
  who,
  String(use.turns),
  formatTokens(use.tokens),
  formatMoney(use.microUsd / 1e6),
];

/** "One turn of Council is estimated at 96k tokens and $0.310." */
function estimateLine({ estimate }: Report, team: Team): string {
  const { tokens, microUsd, unpriced } = estimate;
  const least = unpriced.length > 0 ? (microUsd > 0 ? "at least " : null) : "";
  const cost = formatMoney(least === null ? null : microUsd / 1e6);
  return `One turn of ${plain(team.title)} is estimated at ${formatTokens(tokens)} tokens, ${least ?? ""}${cost}.`;
}

/** `budget set`. */
export async function budgetSet(
  ports: Ports,
  asker: Asker,
  { reach, limit }: Given<"budget set">,
): Promise<CommandReply> {
  await ports.budgets.set(whereIs(asker), { reach, limit });
  const team = await teamOrNone(ports, asker);
  const report = await ports.budgets.report(whereIs(asker), team);
  return publicly(`The limit for ${HOLDERS[reach]} is ${formatLimit(limit)}`, [
    ...(limit.per === "day" ? [dayLine(ports, report)] : []),
    ...(team && limit.unit !== "turns" ? [estimateLine(report, team)] : []),
    ...warnings(report, limit),
  ]);
}

const dayLine = ({ budgets }: Ports, { day }: Report): string =>
  `A day ends at ${budgets.calendar.formatTime(day.endsAt)}; usage since the day began counts.`;

/** Warnings about a limit that has no effect or blocks every turn. */
function warnings({ statuses, estimate }: Report, limit: Limit): readonly string[] {
  const { unpriced } = estimate;
  const status = statuses.find(
    ({ rule }) => rule.limit.unit === limit.unit && rule.limit.amount === limit.amount,
  );
  const isTooSmall = status !== undefined && needOf(status, estimate) > status.limit;
  return [
    ...(limit.unit === "usd" && unpriced.length > 0
      ? [
          `**The price of ${unpriced.map(plain).join(", ")} is unknown**, so its usage does not count towards a dollar limit. Limit tokens as well: ${typed(`budget set 500ktokens/${limit.per} …`)}, or set a price in the team file.`,
        ]
      : []),
    ...(isTooSmall
      ? ["**The estimate is above the limit, so no turn of this team can start.**"]
      : []),
  ];
}

/** `budget reset`. */
export async function budgetReset(
  { budgets }: Ports,
  asker: Asker,
  { reach }: Given<"budget reset">,
): Promise<CommandReply> {
  const removed = await budgets.reset(whereIs(asker), reach);
  if (removed.length === 0) {
    return refused(`No limit is set for ${HOLDERS[reach]}`, [
      `${typed("budget show")} lists the limits that apply here.`,
    ]);
  }
  return publicly(`The limits for ${HOLDERS[reach]} are removed`, [
    `They were: ${removed.map(formatLimit).join(", ")}.`,
  ]);
}

/** `budget allow`. */
export async function budgetAllow(
  ports: Ports,
  asker: Asker,
  { scope, grant: given }: Given<"budget allow">,
): Promise<CommandReply> {
  const now = ports.wallClock();
  const { endsAt } = ports.budgets.calendar.periodAt("day", now);
  const grant = given && {
    turns: given.turns,
    until: given.ms === null ? endsAt : now + given.ms,
  };
  await ports.budgets.allow(whereIs(asker), scope, grant);
  if (!grant) return publicly(`The limits apply again in ${HERE[scope]}`, []);
  return publicly(grantLine(ports, scope, grant), [
    "This overrides the limits that people have set; usage still counts. The operator's limits still apply.",
  ]);
}

/** "The next 3 turns in this thread may exceed the limits, until 00:00 UTC". */
function grantLine({ budgets }: Ports, scope: Scope, { turns, until }: Grant): string {
  const which =
    turns === null
      ? "All turns"
      : turns === 1
        ? "The next turn"
        : `The next ${formatCount(turns, "turn")}`;
  return `${which} in ${HERE[scope]} may exceed the limits, until ${budgets.calendar.formatTime(until)}`;
}
