import type { Choice } from "./play-setting.ts";
import { average } from "./question.ts";

/** Prints how often a team agreed, was clear or was split, and how often it was right then. */
export function printShares(choices: readonly Choice[]): void {
  const parts = (["agree", "clear", "split"] as const).map((kind) => {
    const some = choices.filter(({ certainty }) => certainty === kind);
    const share = (100 * some.length) / Math.max(1, choices.length);
    const right = 100 * average(some.map((choice) => Number(choice.right)));
    return `${kind} ${share.toFixed(0)} % (right ${right.toFixed(0)} %)`;
  });
  console.log(`How sure the team was: ${parts.join(", ")}`);
}
