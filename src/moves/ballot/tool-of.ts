import { type Arguments, fieldOf } from "./parse-arguments.ts";

export type ToolName = "vote" | "new_answer";

/**
 * The tool that a call means, whatever stands around its name: `functions.vote`, `vote<|channel|>commentary`, `default_api:vote`, `newAnswer`.
 * A call without a known name is known by its fields. Undefined: it is another tool.
 */
export function toolOf(name: string, args: Arguments): ToolName | undefined {
  const bare = name
    .replace(/<.*$/s, "")
    .toLowerCase()
    .replace(/[^a-z]/g, "");
  if (/new_?answer|submitanswer|finalanswer/.test(bare)) return "new_answer";
  if (/votes?$|^vote/.test(bare)) return "vote";
  if (
    !/^(?:|json|tool|function|call|structuredoutput|jsontoolcall|answer|review|ballot|score.*|rate.*)$/.test(
      bare,
    )
  ) {
    return undefined;
  }
  if (fieldOf(args, ["content"]) !== undefined) return "new_answer";
  return fieldOf(args, ["scores", "ratings", "agent_id"]) === undefined ? undefined : "vote";
}
