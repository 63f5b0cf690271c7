import { measureGrowth } from "../../test/support/growth.ts";
import { HOSTILE } from "../../test/support/hostile-text.ts";
import { READERS } from "../../test/support/outside-text.ts";
import { measureProcess } from "./measure-process.ts";

/** Characters of the shorter text, as in the property test. */
const LENGTHS = { "lays out": 1_000, reads: 8_000 } as const;
/** Time for a text of twice the length may grow by so much. */
const MOST_GROWTH = 2.5;
const MOST_P99_MS = 50;

/**
 * Hostile text at every function that takes text from outside, and as answers of a model to a Slack thread of a real process. Throws when one
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
    unanswered,
    functions: growth.functions,
  };
  for (const [name, value] of Object.entries(figures)) {
    console.log(`${name.padEnd(16)} ${value.toFixed(value < 100 ? 1 : 0).padStart(8)}`);
  }
  console.log(`slowest growth: ${growth.where}`);
  if (growth.thrown.length > 0) throw new Error(`These throw: ${growth.thrown.join("; ")}`);
  if (crashed || unanswered > 0) throw new Error(`${unanswered} answers are missing.`);
  if (growth.worst > MOST_GROWTH) throw new Error(`Not linear: ${growth.where}`);
  if (figures.healthz_p99_ms > MOST_P99_MS) throw new Error("/healthz waits for too long.");
  return figures;
}

function growthOfAll() {
  const thrown: string[] = [];
  let [worst, where, functions] = [0, "none takes long enough to be measured", 0];
  for (const kind of ["lays out", "reads"] as const) {
    for (const [name, run] of Object.entries(READERS[kind])) {
      functions++;
      for (const [text, make] of Object.entries(HOSTILE)) {
        try {
          const limits = { length: LENGTHS[kind], most: MOST_GROWTH };
          const { ratio } = measureGrowth(run, make, limits);
          if (ratio > worst) [worst, where] = [ratio, `${name}, ${text}: ${ratio.toFixed(2)}`];
        } catch (error) {
          thrown.push(`${name}, ${text}: ${String(error)}`);
        }
      }
    }
  }
  return { thrown, worst, where, functions };
}
