import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Time for an input of twice the length may grow by so much. */
export const MOST_GROWTH = 2.5;

/** What a function takes for one kind of input at one length and at twice that, ms of this thread's processor time. */
export interface Growth {
  readonly once: number;
  readonly twice: number;
  readonly ratio: number;
}

/** A call that takes less has not grown: kernels count processor time in ticks of up to 10 ms. */
const NOISE_MS = 25;
/** What the calls of a sample take together: several ticks. */
const SAMPLE_MS = 30;
/** Samples of either length: fewer when growth is clearly less. */
const SAMPLES = { least: 2, most: 5 };
const CLEARLY_LESS = 2.2;
/** What may have grown too much is measured again at so many times the length. */
const LONGER = [1, 2, 4];
/** A call that takes longer is measured no further: no noise is that large. */
const CERTAIN_MS = 1_000;

/**
 * How a function's time grows when its input gets twice as long. Noise only adds, so the least of several samples counts. Growth that is not
 * clearly less than allowed counts at four times the length, where collector and compiler no longer matter and a square shows. Counts the
 * processor time of this thread alone.
 */
export function measureGrowth<Input>(
  run: (input: Input) => unknown,
  make: (length: number) => Input,
  length: number,
): Growth {
  let seen: Growth = { once: 0, twice: 0, ratio: 0 };
  for (const times of LONGER) {
    const [short, long] = [make(times * length), make(2 * times * length)];
    const calls = { once: () => run(short), twice: () => run(long) };
    const warmingUp = perCall(calls.twice, 0);
    if (warmingUp < NOISE_MS) return { once: warmingUp, twice: warmingUp, ratio: 1 };
    seen = compare(calls);
    if (seen.ratio <= CLEARLY_LESS || seen.twice > CERTAIN_MS) break;
  }
  return seen;
}

function compare(calls: Calls): Growth {
  let [once, twice] = [Infinity, Infinity];
  for (let sample = 1; sample <= SAMPLES.most; sample++) {
    if (sample > SAMPLES.least) collectGarbage();
    once = Math.min(once, perCall(calls.once, SAMPLE_MS));
    twice = Math.min(twice, perCall(calls.twice, SAMPLE_MS));
    const isCertain = twice / once <= CLEARLY_LESS || twice > CERTAIN_MS;
    if (sample >= SAMPLES.least && isCertain) break;
  }
  return { once, twice, ratio: twice / once };
}

/** By how much a function's time grows from a text full of a piece to one that is twice as long. */
export const growthOf = (run: (text: string) => unknown, piece: string, length: number): number =>
  measureGrowth(run, (size) => piece.repeat(Math.ceil(size / piece.length)), length).ratio;

interface Calls {
  readonly once: () => unknown;
  readonly twice: () => unknown;
}

/** Calls until they fill the sample. */
function perCall(call: () => unknown, sampleMs: number): number {
  const start = cpuMs();
  let calls = 0;
  let spent: number;
  do {
    call();
    calls++;
    spent = cpuMs() - start;
  } while (spent < sampleMs);
  return spent / calls;
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** So that no sample pays for what others left behind. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
}
