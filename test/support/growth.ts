/** What a function does with one kind of text at one length and at twice that, ms of this thread's processor time. */
export interface Growth {
  readonly once: number;
  readonly twice: number;
  readonly ratio: number;
}

/** A call that takes less has not grown: kernels count processor time in ticks of up to 10 ms. */
const NOISE_MS = 25;
/** What the runs of the longer text take together: many ticks. */
const SAMPLE_MS = 150;
const TRIES = 5;

const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

/**
 * How a function's time grows when a text gets twice as long. It counts this thread's processor time alone, so that others who use the
 * machine do not matter, and the best of several tries: what is linear is found to be so once, what is not never is.
 */
export function measureGrowth(
  run: (text: string) => unknown,
  make: (length: number) => string,
  { length, most }: { readonly length: number; readonly most: number },
): Growth {
  const [short, long] = [make(length), make(2 * length)];
  let first = Infinity;
  for (let warmingUp = 0; warmingUp < 3; warmingUp++) {
    first = Math.min(
      first,
      timeOf(() => run(long), 1),
    );
    if (first < NOISE_MS) return { once: first, twice: first, ratio: 1 };
  }
  let best: Growth = { once: 0, twice: first, ratio: Infinity };
  for (let tried = 0; tried < TRIES && best.ratio > most; tried++) {
    const times = Math.ceil(SAMPLE_MS / first);
    const once = timeOf(() => run(short), times) / times;
    const twice = timeOf(() => run(long), times) / times;
    // What was too short to be counted cannot be what the longer one is held against.
    const ratio = twice / Math.max(once, NOISE_MS / times / most);
    if (ratio < best.ratio) best = { once, twice, ratio };
  }
  return best;
}

function timeOf(run: () => unknown, times: number): number {
  const before = cpuMs();
  for (let n = 0; n < times; n++) run();
  return cpuMs() - before;
}
