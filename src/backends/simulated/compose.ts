import type { SimulatedStyle } from "../config.ts";
import { findAnswers } from "./find/find-answer.ts";
import { isRight, judge, nameEquals, type Bench } from "./judge.ts";
import { bodyOf, claims, MARK, PERSONAS } from "./personas.ts";
import type { ReadPrompt, ShownAnswer } from "./read-prompt.ts";
import type { Finding } from "./search.ts";
import { seededRandom } from "./seeded-random.ts";
import { quote, sentencesOf } from "./words.ts";

/** A simulated model's reply. */
export type Reply =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "call"; readonly name: "vote" | "new_answer"; readonly arguments: string };

const marked = (text: string): string => `${MARK} ${text}`;

/** If the thread leaves a choice open, careful and brief agents take one side and the others the other, so that the team disagrees. */
function tasteOf(style: SimulatedStyle, prompt: ReadPrompt): number {
  const side = seededRandom(prompt.request)();
  return style === "careful" || style === "brief" ? side : 1 - side;
}

/** A revision: its own claim, plus the point of another answer that changed it. */
function revise(findings: readonly Finding[], other: ShownAnswer): string {
  const own = claims(findings);
  const points = sentencesOf(bodyOf(other.text)).filter((sentence) => !own.includes(sentence));
  const point = points.find((sentence) => sentence.includes("“")) ?? points[0] ?? other.text;
  const change = isRight(other.text, findings)
    ? `I was in doubt at first. What settled it: ${quote(point)}.`
    : `I looked for a reason against it, and ${quote(point)} is none.`;
  return marked(`${own}\n\n${change}`);
}

/** The final answer: the elected one, with points that the other answers add. */
function present([elected, ...others]: readonly ShownAnswer[]): string {
  const body = bodyOf(elected?.text ?? "");
  const added = others
    .map(({ text }) => sentencesOf(bodyOf(text)).at(-1) ?? "")
    .filter((sentence) => sentence !== "" && !body.includes(sentence));
  return marked([body, ...new Set(added)].slice(0, 2).join("\n\n"));
}

/** There is something to revise: not where arithmetic or small talk comes out the same for all. */
const isOpen = (findings: readonly Finding[], others: readonly ShownAnswer[]): boolean =>
  findings.some(({ kind, source }) => source !== null || kind === "choice") ||
  others.some(({ text }) => !isRight(text, findings));

const LONGEST_CLAIM = 12;

/** What an answer with these findings comes to, in a few words. */
function claimOf(findings: readonly Finding[]): string {
  const keys = findings.map(({ kind, key }) =>
    kind === "talk" || kind === "nothing" ? "" : key.replace(/ rather than$/, ""),
  );
  const claim = keys.join("; ");
  const isOpen = keys.includes("") || claim.split(/\s+/).length > LONGEST_CLAIM;
  return isOpen ? "open" : claim;
}

/** A persona's reply to a prompt. Deterministic: depends only on the prompt. */
export function compose(style: SimulatedStyle, prompt: ReadPrompt): Reply {
  const persona = PERSONAS[style];
  const findings = findAnswers(prompt, tasteOf(style, prompt));
  const first = marked(persona.write(findings, prompt.asker));
  const claim = claimOf(findings);
  const claimLine = prompt.namesResults ? `\n\nClaim: ${claim}` : "";
  if (prompt.kind === "answer") return { type: "text", text: `${first}${claimLine}` };
  if (prompt.kind === "present") return { type: "text", text: present(prompt.shown) };

  const isOwn = (text: string) => text.trim() === first.trim();
  const bench: Bench = { persona, findings, isOwn };
  const others = prompt.shown.filter(({ text }) => !isOwn(text));
  const [best] = others.toSorted((a, b) => b.text.length - a.text.length);
  const judged = judge(prompt.shown, bench);
  const judgement = prompt.namesResults ? nameEquals(judged, prompt.shown, bench) : judged;
  const call = (name: "vote" | "new_answer", content?: string): Reply => ({
    type: "call",
    name,
    arguments: JSON.stringify({
      ...judgement,
      ...(content !== undefined && { content, ...(prompt.namesResults && { claim }) }),
    }),
  });
  // Only first answers are revised.
  const stands = others.length < prompt.shown.length;
  return persona.revises && prompt.mayRevise && stands && best && isOpen(findings, others)
    ? call("new_answer", revise(findings, best))
    : call("vote");
}
