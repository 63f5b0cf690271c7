import { jsonValues, parseLoosely } from "../../backends/reply-text/json-values.ts";
import type { LabelScore } from "../../coordination/move.ts";
import { findLabel, resolveLabels } from "./find-label.ts";
import { type Arguments, fieldOf, isObject } from "./parse-arguments.ts";
import { type GivenScore, type Pair, readFields, readScore, topOf } from "./read-score.ts";
import { readScoreLines } from "./score-lines.ts";
import { fromChances, toTen } from "./scale.ts";

export const SCORES = [
  "scores",
  "score",
  "ratings",
  "rating",
  "votes",
  "evaluations",
  "evaluation",
  "grades",
  "points",
  "results",
  "ballot",
  "answers",
  "vote",
];
const RANKINGS = ["ranking", "rankings", "rank", "ranks", "order", "preference", "preferences"];
export const NAMES = [
  "answer",
  "label",
  "agent_id",
  "agent",
  "id",
  "name",
  "option",
  "candidate",
  "answer_label",
  "answer_id",
  "choice",
  "response",
  "key",
  "target",
];
const PLACES = ["rank", "place", "position"];
const SCALES = ["scale", "out_of", "max_score", "max"];
/** Fields of a vote that hold no score, in a ballot without a field for scores. */
const OTHERS =
  /^(?:reason(?:ing)?|objection(?:_to)?|content|answer|explanation|comment|agent_id|type|scale|max)$/i;

/** A ballot's scores from 0 to 10, one for each label that got one, in the order of the labels. */
export function readScores(
  args: Arguments,
  labels: readonly string[],
  isChances = false,
): readonly LabelScore[] {
  const given = fieldOf(args, SCORES);
  const pairs = given === undefined ? flatPairs(args) : pairsOf(given, labels);
  const scored = scoresOf(pairs, labels, {
    top: topOf(fieldOf(args, SCALES)),
    isChances,
  });
  if (scored.length > 0) return scored;
  const ranked = fieldOf(args, RANKINGS);
  return ranked === undefined ? chosen(args, labels) : ranksOf(ranked, labels);
}

/** The first score of each label counts. */
export function scoresOf(
  pairs: readonly Pair[],
  labels: readonly string[],
  { top, isChances }: { readonly top?: number | undefined; readonly isChances: boolean },
): readonly LabelScore[] {
  const names = resolveLabels(
    pairs.map(([name]) => name),
    labels,
  );
  const known = pairs.flatMap(([, score], at) => {
    const label = names[at];
    return label === undefined || score === undefined ? [] : [{ label, given: score }];
  });
  const given = known.map((one) => one.given);
  const values = isChances ? fromChances(given) : toTen(given, top);
  return labels.flatMap((label) => {
    const at = known.findIndex((one) => one.label === label);
    const score = values[at];
    return score === undefined ? [] : [{ label, score }];
  });
}

/** Names with scores from a list, a record, JSON text, or lines of text. */
function pairsOf(scores: unknown, labels: readonly string[]): readonly Pair[] {
  if (typeof scores === "string") {
    const value = parseLoosely(scores) ?? jsonValues(scores)[0]?.value;
    return typeof value === "object" ? pairsOf(value, labels) : readScoreLines(scores, labels);
  }
  if (Array.isArray(scores)) return scores.flatMap((item: unknown) => entryPairs(item, labels));
  return isObject(scores) ? objectPairs(scores, labels) : [];
}

function objectPairs(scores: Arguments, labels: readonly string[]): readonly Pair[] {
  const inner = fieldOf(scores, SCORES);
  // One entry that was not put into a list.
  const isEntry = fieldOf(scores, NAMES) !== undefined && inner !== undefined;
  if (isEntry) return entryPairs(scores, labels);
  return typeof inner === "object" ? pairsOf(inner, labels) : recordPairs(scores);
}

function entryPairs(item: unknown, labels: readonly string[]): readonly Pair[] {
  if (typeof item === "string") return readScoreLines(item, labels);
  if (Array.isArray(item)) return [[item[0], readScore(item[1])]];
  if (!isObject(item)) return [];
  const name = fieldOf(item, NAMES);
  if (name === undefined) return recordPairs(item);
  return [[name, readFields(item) ?? otherScore(item)]];
}

const recordPairs = (record: Arguments): readonly Pair[] =>
  Object.entries(record).map(([label, value]) => [label, readScore(value)]);

/** The only number of an entry whose fields have names of their own. */
const otherScore = (entry: Arguments): GivenScore | undefined => {
  const numbers = Object.entries(entry).flatMap(([key, value]) =>
    [...NAMES, ...PLACES, "same_as"].includes(key.toLowerCase()) ? [] : (readScore(value) ?? []),
  );
  return numbers.length === 1 ? numbers[0] : undefined;
};

/** `{ A: 8, B: 7, reason: "…" }`. */
const flatPairs = (args: Arguments): readonly Pair[] =>
  recordPairs(args).filter(([name]) => !OTHERS.test(String(name)));

/** Places in place of scores: from 10 for the first to 0 for the last. */
function ranksOf(ranking: unknown, labels: readonly string[]): readonly LabelScore[] {
  const order = orderOf(ranking, labels);
  const known = resolveLabels(order, labels).filter((label) => label !== undefined);
  const last = known.length - 1;
  return labels.flatMap((label) => {
    const place = known.indexOf(label);
    return place === -1 ? [] : [{ label, score: last === 0 ? 10 : (10 * (last - place)) / last }];
  });
}

/** The names, best first: a list, "B > A > C", or places by name. */
function orderOf(ranking: unknown, labels: readonly string[]): readonly unknown[] {
  if (typeof ranking === "string") return ranking.split(/[>,;\n]/).filter((name) => name.trim());
  if (isObject(ranking)) return byPlace(Object.entries(ranking));
  if (!Array.isArray(ranking)) return [];
  const entries = ranking.filter(isObject);
  if (entries.length === 0) return ranking;
  const placed = entries.map((entry) => [fieldOf(entry, NAMES), fieldOf(entry, PLACES)] as const);
  return placed.every(([, place]) => place === undefined)
    ? placed.map(([name]) => name)
    : byPlace(placed.filter(([name]) => findLabel(name, labels) !== undefined));
}

const byPlace = (places: readonly (readonly [unknown, unknown])[]): readonly unknown[] =>
  places.toSorted(([, a], [, b]) => Number(a) - Number(b)).map(([name]) => name);

/** A vote for a single answer, as in MassGen's tool. */
function chosen(args: Arguments, labels: readonly string[]): readonly LabelScore[] {
  const best = ["answer", "agent_id", "vote", "choice", "best", "winner", "label"]
    .map((key) => resolveLabels([fieldOf(args, [key])], labels)[0])
    .find((label) => label !== undefined);
  return best === undefined
    ? []
    : labels.map((label) => ({ label, score: label === best ? 10 : 0 }));
}
