import type { ChaosOptions } from "./options.ts";
import type { ChaosResult } from "./run-chaos.ts";

/** Over the least that the turns take. */
const MOST_EXTRA_PCT = 10;

/** The figures that programs read. */
export function figuresOf({ turns }: ChaosOptions, result: ChaosResult) {
  const { broken, havoc, calls, seconds } = result;
  const extra = calls.least === 0 ? 0 : (100 * (calls.made - calls.least)) / calls.least;
  return {
    turns,
    kills: havoc.kills,
    freezes: havoc.freezes,
    unanswered: broken.unanswered.length,
    double_finals: broken.doubleFinals.length,
    double_statuses: broken.doubleStatuses.length,
    order_errors: broken.orderErrors.length,
    working_left: broken.working.length,
    extra_calls_pct: Math.round(extra * 100) / 100,
    seconds: Math.round(seconds),
  };
}

/** What was promised and not kept, in words. */
export function brokenLaws(options: ChaosOptions, result: ChaosResult): readonly string[] {
  const { broken, havoc } = result;
  const { extra_calls_pct: extra } = figuresOf(options, result);
  const laws: readonly (readonly [is: boolean, what: string])[] = [
    [broken.unanswered.length > 0, `unanswered: ${broken.unanswered.join(", ")}`],
    [broken.doubleFinals.length > 0, `two finals: ${broken.doubleFinals.join(", ")}`],
    [broken.doubleStatuses.length > 0, `two statuses: ${broken.doubleStatuses.join(", ")}`],
    [broken.orderErrors.length > 0, `out of order: ${broken.orderErrors.join(", ")}`],
    [broken.working.length > 0, `still at work, as it seems: ${broken.working.join(", ")}`],
    [extra >= MOST_EXTRA_PCT, `${extra} % more model calls than needed`],
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
  const { calls, faults, repeated, warnings } = result;
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
