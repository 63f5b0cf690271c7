import { z } from "zod";
import type { LabelObjection, LabelScore } from "../coordination/move.ts";

/** A reviewer's scores, by the labels it saw. */
export interface Judgement {
  readonly scores: readonly LabelScore[];
  readonly reason: string;
  readonly objection?: LabelObjection;
}

export type Call =
  | { readonly tool: "vote"; readonly judgement: Judgement }
  | { readonly tool: "new_answer"; readonly judgement: Judgement; readonly content: string };

export interface RawCall {
  readonly name: string;
  /** The model's JSON, unparsed. */
  readonly arguments: string;
}

/**
 * Parses a tool call. Tolerates shapes that models use instead of the schema: scores as a record, numbers as strings, "Answer B" for "B", one
 * chosen answer instead of scores. Drops scores for unknown labels and clamps the others to 0–10. Undefined for another tool, or if the
 * arguments are not a JSON object.
 */
export function readCall(call: RawCall, labels: readonly string[]): Call | undefined {
  const args = parseArguments(call.arguments);
  if (!args) return undefined;
  if (call.name === "vote") return { tool: "vote", judgement: judge(args, labels) };
  if (call.name !== "new_answer") return undefined;
  return { tool: "new_answer", judgement: judge(args, labels), content: wordsOf(args["content"]) };
}

const Arguments = z.record(z.string(), z.unknown());
type Arguments = z.infer<typeof Arguments>;

function parseArguments(json: string): Arguments | undefined {
  try {
    const value: unknown = JSON.parse(json);
    // Some models encode JSON twice.
    const decoded: unknown = typeof value === "string" ? JSON.parse(value) : value;
    return Arguments.safeParse(decoded).data;
  } catch {
    return undefined;
  }
}

function judge(args: Arguments, labels: readonly string[]): Judgement {
  const objection = wordsOf(args["objection"]);
  const label = findLabel(args["objection_to"], labels);
  return {
    scores: readScores(args, labels),
    reason: wordsOf(args["reason"]),
    ...(objection !== "" && label !== undefined && { objection: { label, text: objection } }),
  };
}

const wordsOf = (value: unknown): string => (typeof value === "string" ? value.trim() : "");

function readScores(args: Arguments, labels: readonly string[]): readonly LabelScore[] {
  const given = pairsOf(args["scores"]).flatMap(([answer, value]) => {
    const label = findLabel(answer, labels);
    const score = readScore(value);
    return label === undefined || score === undefined ? [] : [{ label, score }];
  });
  if (given.length === 0) return chosen(args["answer"] ?? args["agent_id"], labels);
  return labels.flatMap((label) => given.find((score) => score.label === label) ?? []);
}

const Entry = z.looseObject({});
const NAMES = ["answer", "label", "agent_id", "agent", "id"];
const VALUES = ["score", "value", "rating", "points"];

/** Extracts answers with scores from any supported shape. */
function pairsOf(scores: unknown): readonly (readonly [unknown, unknown])[] {
  if (Array.isArray(scores)) {
    return scores.map((item: unknown) => {
      if (Array.isArray(item)) return [item[0], item[1]] as const;
      const entry: Readonly<Record<string, unknown>> = Entry.safeParse(item).data ?? {};
      return [firstOf(entry, NAMES), firstOf(entry, VALUES)] as const;
    });
  }
  return Object.entries(Arguments.safeParse(scores).data ?? {}).map(([label, value]) => {
    const entry = Arguments.safeParse(value).data;
    return [label, entry ? firstOf(entry, VALUES) : value] as const;
  });
}

const firstOf = (entry: Readonly<Record<string, unknown>>, keys: readonly string[]): unknown =>
  keys.map((key) => entry[key]).find((value) => value !== undefined);

/** A vote for a single answer, as in MassGen's tool. */
function chosen(answer: unknown, labels: readonly string[]): readonly LabelScore[] {
  const best = findLabel(answer, labels);
  return best === undefined
    ? []
    : labels.map((label) => ({ label, score: label === best ? 10 : 0 }));
}

function readScore(value: unknown): number | undefined {
  // "8", "8.5", "8/10".
  const number =
    typeof value === "string"
      ? Number(/^\s*(-?\d+(?:\.\d+)?)\s*(?:\/\s*10\s*)?$/.exec(value)?.[1] ?? Number.NaN)
      : value;
  if (typeof number !== "number" || !Number.isFinite(number)) return undefined;
  return Math.min(10, Math.max(0, number));
}

/** Characters of a label with everything that models write around one. */
const LONGEST_LABEL = 200;

/** Normalizes "b", "Answer B" and "[B]" to B. */
function findLabel(value: unknown, labels: readonly string[]): string | undefined {
  if (typeof value !== "string" || value.length > LONGEST_LABEL) return undefined;
  const bare = value
    .toUpperCase()
    .replace(/^[\s"'`([<*#]+|[\s"'`)\]>*.:]+$/g, "")
    .replace(/^(?:ANSWER|AGENT|LABEL|OPTION|TEAM-ANSWER)[\s_#:-]*/, "")
    .replace(/^["'`([]+/, "");
  return labels.find((label) => label.toUpperCase() === bare);
}
