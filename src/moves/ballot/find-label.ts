import { trimEndOf } from "../../text/trim-end-of.ts";

/** Characters of a label with everything that models write around one. */
const LONGEST = 200;

/** Words before a label, in the languages of threads. */
const BEFORE =
  /^(?:(?:THE|TEAM|MY|YOUR)[\s_-]*)?(?:ANSWER|AGENT|LABEL|OPTION|RESPONSE|CANDIDATE|CHOICE|PROPOSAL|TEAM-ANSWER|ANTWORT|RÉPONSE|REPONSE|RESPUESTA|RISPOSTA|ОТВЕТ|答案|回答|SCORE(?:[\s_]+(?:FOR|OF))?|RATING(?:[\s_]+(?:FOR|OF))?)[\s_#:.=-]*(?=\S)/;

/** Without what stands around it. */
const unclothed = (text: string): string =>
  trimEndOf(text.replace(/^[\s"'`([<{*#_]+/, ""), /[\s"'`)\]>}*.:,_]/);

/** Finds labels that models clothe: "b", "Answer B", "[B]", "B: the second one", `<team-answer label="B">`. */
export function findLabel(value: unknown, labels: readonly string[]): string | undefined {
  if (typeof value !== "string" || value.length > LONGEST) return undefined;
  const inTag = /\blabel\s*=\s*["']?([^"'<>\s]+)/i.exec(value)?.[1];
  const bare = bareOf(inTag ?? value);
  const isLabel = (label: string) => label.toUpperCase() === bare;
  return labels.find(isLabel) ?? labels.find((label) => begins(bare, label.toUpperCase()));
}

const bareOf = (text: string): string =>
  unclothed(unclothed(text.toUpperCase()).replace(BEFORE, ""));

/** "B: the second one", "B (mine)", "B_score". */
const begins = (text: string, label: string): boolean =>
  text.startsWith(label) &&
  /^(?:\s*(?:[:(–—|/=]|[-.)\]]\s|'S\b)|[\s_-]+(?:SCORE|RATING|POINTS)$)/.test(
    text.slice(label.length),
  );

/** "Answer 2" → 2; a number in place of a label. */
export function numberIn(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isInteger(value) ? value : undefined;
  if (typeof value !== "string" || value.length > LONGEST) return undefined;
  const bare = bareOf(value);
  return /^\d{1,2}$/.test(bare) ? Number(bare) : undefined;
}

/**
 * Resolves the names of a whole ballot to labels. Numbers count the answers in the order in which they were read, from 0 if there is a 0.
 */
export function resolveLabels(
  names: readonly unknown[],
  labels: readonly string[],
): readonly (string | undefined)[] {
  const found = names.map((name) => findLabel(name, labels));
  if (found.some((label) => label !== undefined)) return found;
  const numbers = names.map(numberIn);
  const first = numbers.includes(0) ? 0 : 1;
  return numbers.map((number) => (number === undefined ? undefined : labels[number - first]));
}
