import type { Part, PromptMessage } from "../backend.ts";

/** Encloses what the agent itself said before, in the one message that a CLI takes. */
const TAG = "your-earlier-answer";
const IMITATION = new RegExp(`<(?=/?${TAG}\\b)`, "gi");

/**
 * The messages of a prompt as the parts of one message of a user: a CLI takes no other roles. Earlier answers of the agent stand in tags, which
 * other text cannot imitate. Texts without a file between them are one part.
 */
export function flattenPrompt(messages: readonly PromptMessage[]): readonly Part[] {
  const hasAnswers = messages.some(({ role }) => role === "assistant");
  const flat: Part[] = [];
  let words: string[] = [];
  const endText = (): void => {
    const text = words.join("\n\n");
    if (text.trim() !== "") flat.push({ type: "text", text });
    words = [];
  };
  for (const { role, parts } of messages) {
    if (role === "assistant") words.push(`<${TAG}>`);
    for (const part of parts) {
      if (part.type === "text") words.push(hasAnswers ? withoutTags(part.text) : part.text);
      else {
        endText();
        flat.push(part);
      }
    }
    if (role === "assistant") words.push(`</${TAG}>`);
  }
  endText();
  return flat;
}

const withoutTags = (text: string): string => text.replace(IMITATION, "&lt;");
