import type { InstalledLimit } from "./survey.ts";
import { LIMIT_EXAMPLES, parseLimit } from "./limit.ts";
import { REACHES } from "./reach.ts";

/** PARLEY_BUDGET is invalid; the message shows the problem and the syntax. */
export class BudgetSettingError extends Error {
  override readonly name = "BudgetSettingError";
}

/** Parses PARLEY_BUDGET, "50usd/day, 10turns/hour --person". Without a flag, a limit applies to the whole installation. Throws a `BudgetSettingError`. */
export const parseBudgetSetting = (setting: string): readonly InstalledLimit[] =>
  setting
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map(parsePart);

function parsePart(part: string): InstalledLimit {
  const [, words = "", flag = "all"] = /^(.*?)(?:\s--(\w+))?$/.exec(part) ?? [];
  const limit = parseLimit(words);
  const reach = REACHES.find((name) => name === flag);
  if (limit && reach) return { limit, reach };
  throw new BudgetSettingError(
    `PARLEY_BUDGET: “${part}” is no limit. Write ${LIMIT_EXAMPLES.join(" or ")}, several with commas between; behind one, --person, --channel or --space has it hold for each of those instead of all together.`,
  );
}
