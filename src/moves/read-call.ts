import { answerIn } from "../backends/reply-text/answer-in.ts";
import type { LabelObjection, LabelPair, LabelScore } from "../coordination/move.ts";
import { findLabel } from "./ballot/find-label.ts";
import { type Arguments, fieldOf, parseArguments, wordsOf } from "./ballot/parse-arguments.ts";
import { readSame } from "./ballot/read-same.ts";
import { readScores } from "./ballot/read-scores.ts";
import { toolOf } from "./ballot/tool-of.ts";

/** A reviewer's scores, by the labels it saw. */
export interface Judgement {
  readonly scores: readonly LabelScore[];
  readonly reason: string;
  readonly objection?: LabelObjection;
  readonly same?: readonly LabelPair[];
}

export type Call =
  | { readonly tool: "vote"; readonly judgement: Judgement }
  | {
      readonly tool: "new_answer";
      readonly judgement: Judgement;
      readonly content: string;
      /** "" if the call names none. */
      readonly claim: string;
    };

export interface RawCall {
  readonly name: string;
  /** The model's JSON, unparsed. */
  readonly arguments: string;
}

/**
 * Parses a tool call. Tolerates the names and shapes that models use instead of the schema: scores as a record, as text or on another scale,
 * "Answer B" for "B", one chosen answer instead of scores, arguments that are wrapped or encoded twice. Drops scores for unknown labels.
 * Undefined for another tool, or if the arguments are not a JSON object.
 */
export function readCall(
  call: RawCall,
  labels: readonly string[],
  isChances = false,
): Call | undefined {
  const args = parseArguments(call.arguments);
  const tool = args && toolOf(call.name, args);
  if (!args || !tool) return undefined;
  const judgement = judge(args, labels, isChances);
  return tool === "vote"
    ? { tool, judgement }
    : { tool, judgement, content: contentOf(args), claim: wordsOf(fieldOf(args, ["claim"])) };
}

function judge(args: Arguments, labels: readonly string[], isChances: boolean): Judgement {
  const objection = wordsOf(fieldOf(args, ["objection"]));
  const label = findLabel(fieldOf(args, ["objection_to"]), labels);
  const same = readSame(args, labels);
  return {
    scores: readScores(args, labels, isChances),
    reason: wordsOf(fieldOf(args, ["reason", "reasoning", "explanation", "rationale"])),
    ...(same.length > 0 && { same }),
    ...(objection !== "" && label !== undefined && { objection: { label, text: objection } }),
  };
}

const CONTENT = [
  "content",
  "answer",
  "text",
  "new_answer",
  "response",
  "final_answer",
  "markdown",
  "message",
];

/** The answer's text. Some models put it under another name, or encode it once more. */
function contentOf(args: Arguments): string {
  const words = wordsOf(fieldOf(args, CONTENT));
  const inner = /^\{\s*"(?:content|answer|text|new_answer)"\s*:/.test(words)
    ? parseArguments(words)
    : undefined;
  return answerIn(inner ? wordsOf(fieldOf(inner, CONTENT)) || words : words);
}
