import type { LabelPair } from "../../coordination/move.ts";
import { resolveLabels } from "./find-label.ts";
import { type Arguments, fieldOf, isObject } from "./parse-arguments.ts";
import { NAMES, SCORES } from "./read-scores.ts";

/** Fields that name an answer with the same result. */
export const SAMES = ["same_as", "same", "equal_to", "equals", "equivalent_to", "duplicate_of"];
/** Fields of a whole ballot that put answers together: `[["A", "C"], ["B"]]`. */
const GROUPS = [...SAMES, "groups", "same_result", "equivalents"];

/** Answers that a ballot says come to the same result. Names of answers that were not shown, and of an answer itself, are dropped. */
export function readSame(args: Arguments, labels: readonly string[]): readonly LabelPair[] {
  const scores = fieldOf(args, SCORES);
  const named = [...entriesOf(scores), ...groupsOf(fieldOf(args, GROUPS))].flatMap(
    ([name, others]) => [others].flat().map((other: unknown) => [name, other] as const),
  );
  return named.flatMap(([name, other]) => {
    const [label, sameAs] = [name, other].map((one) => resolveLabels([one], labels)[0]);
    return label === undefined || sameAs === undefined || label === sameAs
      ? []
      : [{ label, sameAs }];
  });
}

type Named = readonly [name: unknown, others: unknown];

/** `[{ answer: "C", score: 8, same_as: "A" }]` or `{ C: { score: 8, same_as: "A" } }`. */
function entriesOf(scores: unknown): readonly Named[] {
  if (Array.isArray(scores)) {
    return scores.filter(isObject).flatMap((entry): readonly Named[] => {
      const same = fieldOf(entry, SAMES);
      const name = fieldOf(entry, NAMES);
      return same === undefined ? [] : name === undefined ? entriesOf(entry) : [[name, same]];
    });
  }
  if (!isObject(scores)) return [];
  return Object.entries(scores).flatMap(([name, entry]): readonly Named[] => {
    const same = isObject(entry) ? fieldOf(entry, SAMES) : undefined;
    return same === undefined ? [] : [[name, same]];
  });
}

/** `{ C: "A" }`, or lists of names. */
function groupsOf(groups: unknown): readonly Named[] {
  if (isObject(groups)) return Object.entries(groups);
  if (!Array.isArray(groups)) return [];
  return groups.flatMap((group: unknown): readonly Named[] => {
    if (!Array.isArray(group)) return [];
    const [first, ...others]: unknown[] = group;
    return others.map((other): Named => [first, other]);
  });
}
