import { readFile } from "node:fs/promises";
import { z } from "zod";
import { normaliseClaim } from "../../../src/coordination/pooled/claims.ts";

/** One line of a file of questions. */
const RealQuestion = z.strictObject({
  id: z.string(),
  question: z.string(),
  answer: z.string().describe("What is right; for `regex`, the pattern."),
  match: z
    .enum(["exact", "number", "regex", "judge"])
    .describe("How an answer is held against it. judge: a model compares them."),
  choices: z.array(z.string()).optional().describe("To choose from; the answer is a letter."),
});
export type RealQuestion = z.infer<typeof RealQuestion>;

/** Reads a file of questions, one JSON object a line. Throws with the line that is wrong. */
export async function readQuestions(file: string): Promise<readonly RealQuestion[]> {
  const lines = (await readFile(file, "utf8")).split("\n");
  return lines.flatMap((line, at) => {
    if (line.trim() === "") return [];
    try {
      const value: unknown = JSON.parse(line);
      return [RealQuestion.parse(value)];
    } catch (cause) {
      throw new Error(`Line ${at + 1} of ${file} is no question: ${String(cause)}`, { cause });
    }
  });
}

const letterOf = (place: number): string => String.fromCharCode(65 + place);

/** The question as the team reads it. */
export const wordsOf = ({ question, choices = [] }: RealQuestion): string =>
  [question, ...choices.map((choice, at) => `${letterOf(at)}) ${choice}`)].join("\n");

/** Whether an answer is right; null: only a model can tell. */
export function isRight(
  { answer, match }: RealQuestion,
  given: { readonly text: string; readonly claim: string | null },
): boolean | null {
  switch (match) {
    case "exact":
      return plain(given.claim ?? given.text) === plain(answer);
    case "number":
      return lastNumber(given.claim ?? "", given.text) === Number(answer);
    case "regex":
      return new RegExp(answer, "iu").test(`${given.claim ?? ""}\n${given.text}`);
    case "judge":
      return null;
  }
}

/** A letter alone, whatever stands behind it: "B) the second". */
const plain = (text: string): string | null =>
  normaliseClaim(/^\W*([A-Z])\)/.exec(text)?.[1] ?? text);

function lastNumber(claim: string, text: string): number | undefined {
  const found = [claim, text].map((part) => part.match(/-?\d[\d,]*(?:\.\d+)?/g)?.at(-1));
  const number = found.find((one) => one !== undefined);
  return number === undefined ? undefined : Number(number.replaceAll(",", ""));
}
