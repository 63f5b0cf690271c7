import type { InstalledLimit } from "./survey.ts";
import { LIMIT_EXAMPLES, parseLimit } from "./limit.ts";
import { REACHES } from "./reach.ts";

/** PARLEY_BUDGET cannot be read; the message says what is wrong with it and how it is written. */
export class BudgetSettingError extends Error {
  override readonly name = "BudgetSettingError";
}

/** Reads PARLEY_BUDGET, "50usd/day, 10turns/hour --person": without a flag a limit holds for the whole installation. Throws a `BudgetSettingError`. */
export const parseBudgetSetting = (setting: string): readonly InstalledLimit[] =>
  setting
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map(parsePart);

function parsePart(part: string): InstalledLimit {
  const [, words = "", flag = "all"] = /^(.*?)(?:\s+--(\w+))?$/.exec(part) ?? [];
  const limit = parseLimit(words);
  const reach = REACHES.find((name) => name === flag);
  if (limit && reach) return { limit, reach };
  throw new BudgetSettingError(
    `PARLEY_BUDGET: “${part}” is no limit. Write ${LIMIT_EXAMPLES.join(" or ")}, several with commas between; behind one, --person, --channel or --space has it hold for each of those instead of all together.`,
  );
}
