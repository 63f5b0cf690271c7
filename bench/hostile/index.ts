import { measureGrowth, MOST_GROWTH } from "../../test/support/growth.ts";
import { HOSTILE } from "../../test/support/hostile-text.ts";
import { READERS } from "../../test/support/outside-text.ts";
import { measureProcess } from "./measure-process.ts";

/** Characters of the shorter text, as in the property test. */
const LENGTHS = { "lays out": 2_000, reads: 8_000 } as const;
const MOST_P99_MS = 50;

/**
 * Hostile text at every function that takes text from outside, and as answers of a model to a Slack thread of a real process. Fails when one
 * of them throws, the process ends, an answer is missing, or a limit is passed.
 */
export async function runHostileBench(): Promise<Record<string, number>> {
  const { answers, unanswered, crashed, waits } = await measureProcess();
  const growth = growthOfAll();
  const sorted = waits.toSorted((a, b) => a - b);
  const figures = {
    worst_stall_ms: sorted.at(-1) ?? NaN,
    worst_ratio_2n: growth.worst,
    crashed: growth.thrown.length + Number(crashed),
    healthz_p99_ms: sorted[Math.floor(sorted.length * 0.99)] ?? NaN,
    healthz_checks: sorted.length,
    answers,
    unanswered: unanswered.length,
    functions: growth.functions,
  };
  print(figures, growth.where);
  const problems = [
    ...growth.thrown.map((one) => `This throws: ${one}`),
    ...(crashed ? ["Parley left."] : []),
    ...(unanswered.length > 0 ? [`Not posted: ${unanswered.join("; ")}`] : []),
    ...(growth.worst > MOST_GROWTH ? [`Not linear: ${growth.where}`] : []),
    ...(figures.healthz_p99_ms > MOST_P99_MS ? ["/healthz waits for too long."] : []),
  ];
  if (problems.length > 0) fail(problems);
  return figures;
}

function print(figures: Readonly<Record<string, number>>, slowest: string): void {
  for (const [name, value] of Object.entries(figures)) {
    console.log(`${name.padEnd(16)} ${value.toFixed(value < 100 ? 1 : 0).padStart(8)}`);
  }
  console.log(`slowest growth: ${slowest}`);
}

function fail(problems: readonly string[]): void {
  for (const problem of problems) console.error(problem);
  process.exitCode = 1;
}

interface Grown {
  /** The reader and the kind of text. */
  readonly name: string;
  readonly ratio: number;
  readonly thrown?: string;
}

function growthOfAll() {
  const measured = (["lays out", "reads"] as const).flatMap((kind) =>
    Object.entries(READERS[kind]).flatMap(([reader, run]) =>
      Object.entries(HOSTILE).map(([text, make]): Grown => {
        const name = `${reader}, ${text}`;
        try {
          return { name, ratio: measureGrowth(run, make, LENGTHS[kind]).ratio };
        } catch (error) {
          return { name, ratio: 0, thrown: `${name}: ${String(error)}` };
        }
      }),
    ),
  );
  const worst = measured.reduce((most, one) => (one.ratio > most.ratio ? one : most));
  return {
    functions: Object.values(READERS).reduce((sum, kind) => sum + Object.keys(kind).length, 0),
    worst: worst.ratio,
    where: `${worst.name}: ${worst.ratio.toFixed(2)}`,
    thrown: measured.flatMap(({ thrown }) => thrown ?? []),
  };
}
