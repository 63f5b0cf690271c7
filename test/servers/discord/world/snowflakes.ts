/** 2015-01-01, where Discord's ids begin. */
const EPOCH = 1_420_070_400_000n;

export interface Snowflakes {
  /** 18 or 19 digits, later than every id before it. */
  next(): string;
}

/** `countsFrom`: ids that only count. */
export function createSnowflakes(now: () => number, countsFrom?: bigint): Snowflakes {
  let last = countsFrom ?? 0n;
  return {
    next() {
      const made = countsFrom === undefined ? (BigInt(now()) - EPOCH) << 22n : 0n;
      last = made > last ? made : last + 1n;
      return String(last);
    },
  };
}

/** Orders ids by age. */
export const byAge = (a: string, b: string): number => {
  const [left, right] = [BigInt(a), BigInt(b)];
  return left < right ? -1 : left > right ? 1 : 0;
};
