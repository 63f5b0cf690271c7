import type { ChaosOptions } from "./options.ts";
import type { ChaosResult } from "./run-chaos.ts";

/** Of the least that the turns take: calls that neither a kill nor a freeze accounts for. */
const MOST_NEEDLESS_PCT = 1;

/** The figures that programs read. */
export function figuresOf({ turns }: ChaosOptions, result: ChaosResult) {
  const { broken, havoc, calls, seconds } = result;
  const shareOf = (count: number) =>
    calls.least === 0 ? 0 : Math.round((10_000 * count) / calls.least) / 100;
  return {
    turns,
    kills: havoc.kills,
    freezes: havoc.freezes,
    unanswered: broken.unanswered.length,
    double_finals: broken.doubleFinals.length,
    double_statuses: broken.doubleStatuses.length,
    order_errors: broken.orderErrors.length,
    working_left: broken.working.length,
    found_late: broken.foundLate.length,
    extra_calls_pct: shareOf(calls.made - calls.least),
    needless_calls_pct: shareOf(calls.needless.length),
    seconds: Math.round(seconds),
  };
}

/** What was promised and not kept, in words. */
export function brokenLaws(options: ChaosOptions, result: ChaosResult): readonly string[] {
  const { broken, havoc } = result;
  const { needless_calls_pct: needless } = figuresOf(options, result);
  const laws: readonly (readonly [is: boolean, what: string])[] = [
    [broken.unanswered.length > 0, `unanswered: ${broken.unanswered.join(", ")}`],
    [broken.doubleFinals.length > 0, `two finals: ${broken.doubleFinals.join(", ")}`],
    [broken.doubleStatuses.length > 0, `two statuses: ${broken.doubleStatuses.join(", ")}`],
    [broken.orderErrors.length > 0, `out of order: ${broken.orderErrors.join(", ")}`],
    [broken.working.length > 0, `still at work, as it seems: ${broken.working.join(", ")}`],
    [
      needless >= MOST_NEEDLESS_PCT,
      `${needless} % more model calls than needed and lost: ${result.calls.needless.join(", ")}`,
    ],
    [havoc.kills < options.kills, `only ${havoc.kills} of ${options.kills} kills`],
    [havoc.freezes < options.freezes, `only ${havoc.freezes} of ${options.freezes} freezes`],
    [result.deaths.length > 0, `left by themselves: ${result.deaths.join(", ")}`],
    [result.unwillingToLeave.length > 0, `on SIGTERM: ${result.unwillingToLeave.join(", ")}`],
    [result.complaints.length > 0, `not allowed: ${result.complaints.slice(0, 5).join("; ")}`],
  ];
  return laws.flatMap(([is, what]) => (is ? [what] : []));
}

/** The table for people. */
export function formatReport(options: ChaosOptions, result: ChaosResult): string {
  const { broken, calls, faults, repeated, warnings } = result;
  const drawn = [...faults.values()].reduce((sum, count) => sum + count, 0);
  const rows: readonly (readonly [name: string, value: string])[] = [
    ["store", `${result.store}, ${options.processes} bot process(es)`],
    ["threads", `${result.threads}, by turns on Slack and Discord`],
    ...Object.entries(figuresOf(options, result)).map(
      ([name, value]) => [name, String(value)] as const,
    ),
    ["model calls", `${calls.made}, at least ${calls.least} needed`],
    ["platform calls", `${result.platformCalls}, of which ${drawn} went wrong`],
    ...[...faults].map(([kind, count]) => [`  ${kind}`, String(count)] as const),
    ["shakes", `${result.havoc.shakes} (connections cut, events sent again)`],
    ["asked twice", sample(repeated)],
    ["needlessly", sample(calls.needless)],
    ["found late", broken.foundLate.join(", ") || "nothing"],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const table = rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
  const loudest = [...warnings].toSorted((a, b) => b[1] - a[1]).slice(0, 8);
  const said = loudest.map(([text, times]) => `${String(times).padStart(5)} × ${text}`);
  return [...table, ...(said.length > 0 ? ["", "warnings in the bots' logs", ...said] : [])].join(
    "\n",
  );
}

const sample = (moves: readonly string[]): string =>
  moves.length === 0 ? "nothing" : `${moves.length} moves: ${moves.slice(0, 4).join(", ")} …`;
