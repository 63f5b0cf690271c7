import type { Backend } from "../../../src/backends/backend.ts";
import type { RealQuestion } from "./question-file.ts";

const SYSTEM =
  "You compare an answer with the answer that is known to be right. Say yes if it comes to the same, else no. Nothing else.";

/** Asks a model whether an answer comes to the known one. */
export async function judgeAnswer(
  backend: Backend,
  { question, answer }: RealQuestion,
  given: string,
): Promise<boolean> {
  const text = `Question: ${question}\n\nRight: ${answer}\n\nGiven: ${given}`;
  let reply = "";
  for await (const event of backend.ask({
    system: [SYSTEM],
    messages: [{ role: "user", parts: [{ type: "text", text }] }],
    tools: [],
    toolChoice: "auto",
    signal: new AbortController().signal,
  })) {
    if (event.type === "text") reply += event.text;
  }
  return /^\W*yes\b/i.test(reply);
}
