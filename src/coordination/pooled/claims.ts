import type { Revision, TurnState } from "../turn-state.ts";
import { trimEndOf } from "../../text/trim-end-of.ts";

/** What an agent writes whose answer has no single result. */
const OPEN = /^(?:open|none|n\/?a|-|–|—)?$/;

/**
 * A claim without what does not change its meaning: case, spaces, marks at its ends, and how its numbers are written. Null: it is open, and equals
 * no other.
 */
export function normaliseClaim(claim: string): string | null {
  const plain = claim
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[*_`"“”„«»]|\\[()[\]]|\$(?=\S)/g, "")
    .replace(/[−–](?=\d)/g, "-")
    .replace(/\s+/g, " ")
    .replace(NUMBER, plainNumber)
    .replace(/^[\s.,;:!?。、]+/, "");
  const bare = trimEndOf(plain, /[\s.,;:!?。、]/);
  return OPEN.test(bare) ? null : bare;
}

/** "1,234.50", "1234.5", "+7": digits with thousands in groups of three, or without. */
const NUMBER = /(?<![\w.,])\+?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?![\w,]|\.\d)/g;

function plainNumber(_match: string, whole: string, rest = ""): string {
  const digits = whole.replaceAll(",", "").replace(/^0+(?=\d)/, "");
  const fraction = trimEndOf(rest, /0/);
  return `${digits}${fraction === "." ? "" : fraction}`;
}

/** Whether two answers claim the same result. */
export const isSameResult = (one: Revision, other: Revision): boolean =>
  one.result !== null && one.result === other.result;

/** Whether the rule of this turn counts equal answers together. */
export const isPooled = ({ policy, mode, agents }: TurnState): boolean =>
  policy.tally === "pooled" && mode === "team" && agents.length > 1;

/** Whether all current answers claim the same, and at least two agents stand behind it. */
export function claimsAgree(state: TurnState): boolean {
  const [first, ...others] = state.latest;
  if (!isPooled(state) || !first) return false;
  const behind = state.latest.length + state.agents.filter(({ repeated }) => repeated).length;
  return behind > 1 && others.every((other) => isSameResult(first, other));
}
