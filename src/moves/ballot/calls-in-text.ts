import { callOf } from "../../backends/reply-text/call-markup.ts";
import { jsonValues } from "../../backends/reply-text/json-values.ts";
import type { RawCall } from "../read-call.ts";

/** Calls that a model wrote as JSON into its text, bare or in a code block: with a tool's name, or the arguments alone. */
export const callsInText = (text: string): readonly RawCall[] =>
  jsonValues(text).map(
    ({ value }) => callOf(value) ?? { name: "", arguments: JSON.stringify(value) },
  );

/** The call that a text consists of; undefined: it is an answer, which may be JSON itself. */
export function callAsText(text: string): RawCall | undefined {
  const body = text
    .trim()
    .replace(/^```\w*\s*/, "")
    .replace(/```$/, "")
    .trimEnd();
  const values = body.startsWith("{") && body.endsWith("}") ? jsonValues(body) : [];
  const [only] = values;
  return values.length === 1 && only ? (callOf(only.value) ?? undefined) : undefined;
}
