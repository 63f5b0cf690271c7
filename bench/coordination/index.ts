import { createScenario, type LatencyKind, type Scenario } from "./scenario.ts";
import { measureAbort, measureOverhead, runManyTurns } from "./live.ts";
import { type Simulated, simulate } from "./simulate.ts";

const SEEDS = 40;
const SIZES = [3, 5, 10] as const;
const KINDS: readonly LatencyKind[] = ["fixed", "uniform", "heavy"];
/** Calls of MassGen v0.0.4 with staggered agents, recorded by driving its own orchestrator. */
const MASSGEN_CALLS: Readonly<Record<number, number>> = { 3: 9, 5: 19, 10: 47 };

interface Row {
  readonly name: string;
  readonly agents: number;
  readonly kind: LatencyKind;
  readonly bound: number;
  readonly runs: readonly Simulated[];
}

const worst = (row: Row, of: (run: Simulated) => number): number => Math.max(...row.runs.map(of));
const mean = (row: Row, of: (run: Simulated) => number): number =>
  row.runs.reduce((sum, run) => sum + of(run), 0) / row.runs.length;
const overCritical = (run: Simulated): number =>
  (100 * (run.elapsedMs - run.criticalMs)) / run.criticalMs;

type Options = Parameters<typeof createScenario>[3];

async function measure(
  name: string,
  agents: number,
  kind: LatencyKind,
  given: { bound: number; options?: Options },
): Promise<Row> {
  const runs: Simulated[] = [];
  for (let seed = 0; seed < SEEDS; seed++) {
    runs.push(await simulate(createScenario(agents, kind, seed, given.options)));
  }
  return { name, agents, kind, bound: given.bound, runs };
}

function printRow(row: Row): void {
  const massgen = row.name === "A" ? MASSGEN_CALLS[row.agents] : "";
  const cells = [
    row.name.padEnd(12),
    String(row.agents).padStart(6),
    row.kind.padEnd(8),
    `${worst(row, (r) => r.calls)}`.padStart(5),
    `≤ ${row.bound}`.padStart(6),
    String(massgen).padStart(8),
    `${(mean(row, (r) => r.elapsedMs) / 1000).toFixed(1)} s`.padStart(9),
    `${mean(row, overCritical).toFixed(0)} %`.padStart(8),
    `${worst(row, overCritical).toFixed(0)} %`.padStart(7),
    `${Math.round(mean(row, (r) => r.inputTokens))}`.padStart(9),
    `${Math.round(mean(row, (r) => r.wastedTokens))}`.padStart(8),
  ];
  console.log(cells.join(" "));
}

const revisesFirst: Scenario["revises"] = (_, move) => move.mayRevise;
const aThirdRevises =
  (agents: number): Scenario["revises"] =>
  (agent, move) =>
    move.mayRevise && agent < Math.floor(agents / 3);

async function measureRows(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const agents of SIZES) {
    for (const kind of KINDS) {
      rows.push(await measure("A", agents, kind, { bound: 2 * agents + 1 }));
    }
  }
  for (const agents of SIZES) {
    const late = { bound: 3 * agents + 1, options: { late: true } };
    const revising = { late: true, revises: aThirdRevises(agents) };
    const all = { bound: 4 * agents + 1, options: { revises: revisesFirst } };
    rows.push(await measure("A, late", agents, "heavy", late));
    for (const kind of KINDS) {
      rows.push(await measure("B", agents, kind, { ...late, options: revising }));
      rows.push(await measure("C", agents, kind, all));
    }
  }
  return rows;
}

/** Model calls, tokens and time of whole turns beside MassGen's; throws when a bound is broken. */
export async function runCoordinationBench(): Promise<Record<string, number>> {
  const rows = await measureRows();
  console.log(
    `Simulated time, ${SEEDS} seeds a row; calls: the worst seed, aborted ones counted; critical path: slowest first answer + slowest review.`,
  );
  console.log(
    "scenario     agents latency  calls  bound  MassGen   elapsed  over critical (mean, worst)  input tokens, wasted",
  );
  for (const row of rows) printRow(row);
  const many = await runManyTurns();
  const overhead = 100 * (await measureOverhead());
  const abort = await measureAbort();
  console.log(
    `\n${many.turns} concurrent turns of five zero-latency agents: ${many.turnsPerSecond.toFixed(0)} turns/s, p99 event-loop delay ${many.loopP99Ms.toFixed(1)} ms, +${many.memoryMb.toFixed(0)} MB`,
  );
  console.log(
    `overhead over the models' latencies: ${overhead.toFixed(2)} %; slowest abort: ${abort.toFixed(2)} ms`,
  );
  for (const row of rows) {
    if (worst(row, (r) => r.calls) > row.bound) {
      throw new Error(
        `${row.name} with ${row.agents} agents took ${worst(row, (r) => r.calls)} calls, more than ${row.bound}.`,
      );
    }
  }
  const calls = (name: string, agents: number) =>
    Math.max(
      ...rows
        .filter((r) => r.name === name && r.agents === agents)
        .map((r) => worst(r, (x) => x.calls)),
    );
  const a = rows.filter((r) => r.name === "A");
  return {
    calls_3: calls("A", 3),
    calls_5: calls("A", 5),
    calls_10: calls("A", 10),
    calls_10_revise: calls("B", 10),
    calls_10_all: calls("C", 10),
    elapsed_over_critical_pct: Math.max(...a.map((r) => mean(r, overCritical))),
    wasted_tokens_10: Math.max(
      ...a.filter((r) => r.agents === 10).map((r) => mean(r, (x) => x.wastedTokens)),
    ),
    overhead_pct: overhead,
    live_turns: many.turns,
    turns_per_s: many.turnsPerSecond,
    loop_p99_ms: many.loopP99Ms,
    abort_ms_max: abort,
  };
}
