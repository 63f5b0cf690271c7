import { expect, test } from "vitest";
import { parseLimit } from "../../src/budgets/limit.ts";
import { fits, limitStatusOf } from "../../src/budgets/rules.ts";

/** A limit as it stands once this much is used and kept back, in tokens. */
function status(written: string, used: number, reserved = 0) {
  const limit = parseLimit(written);
  if (!limit) throw new Error(written);
  return limitStatusOf(
    { reach: "channel", limit, by: null },
    {
      owner: "a",
      period: "day:one",
      endsAt: 0,
      label: "",
      turns: used,
      tokens: used,
      microUsd: used,
      reservedTokens: reserved,
      reservedMicroUsd: reserved,
    },
  );
}
const estimate = (amount: number) => ({ tokens: amount, microUsd: amount, unpriced: [] });

interface Case {
  readonly of: string;
  readonly used: number;
  readonly kept?: number;
  readonly need: number;
}

test.each<[string, Case, boolean]>([
  ["a turn that fits exactly", { of: "100 tokens/day", used: 40, need: 60 }, true],
  ["a turn that is one token too large", { of: "100 tokens/day", used: 40, need: 61 }, false],
  ["what running turns keep back", { of: "100 tokens/day", used: 10, kept: 31, need: 60 }, false],
  ["a free turn, while something is left", { of: "100 tokens/day", used: 99, need: 0 }, true],
  ["a free turn, once all is used", { of: "100 tokens/day", used: 100, need: 0 }, false],
  [
    "a free turn, once all is kept back",
    { of: "100 tokens/day", used: 60, kept: 40, need: 0 },
    false,
  ],
  [
    "a turn of unknown price, once all is spent",
    { of: "0.0001usd/day", used: 100, need: 0 },
    false,
  ],
  ["a turn of unknown price, beyond the limit", { of: "0.0001usd/day", used: 101, need: 0 }, false],
  ["the last turn", { of: "2 turns/day", used: 1, need: 9 }, true],
  ["a turn too many", { of: "2 turns/day", used: 2, need: 0 }, false],
])("whether a limit has room: %s", (_, { of, used, kept = 0, need }, isFit) => {
  expect(fits(status(of, used, kept), estimate(need))).toBe(isFit);
});
