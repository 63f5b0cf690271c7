import type { Steps } from "../slices.ts";
import { unescaped } from "./unescaped.ts";

const ANGLED = /<([^<>\n]{0,3000})>/y;
const TITLE = /\s{1,100}(?:"[^"]{0,1000}"|'[^']{0,1000}'|\([^()]{0,1000}\))/y;
const BLANKS = /\s{0,100}/y;
const PLAIN = /(?:[^\s\\()]|\\[^\s])+/y;
const LONGEST = 3_000;
/** CommonMark's limit. */
const MOST_PARENTHESES = 32;

/** The target of the inline link whose `(` is at `at`, and where the link ends. */
export function readTarget(
  markdown: string,
  at: number,
): { readonly target: string; readonly to: number } | undefined {
  if (markdown[at] !== "(") return undefined;
  const start = skip(BLANKS, markdown, at + 1);
  ANGLED.lastIndex = start;
  const angled = ANGLED.exec(markdown);
  if (!angled && markdown[start] === "<") return undefined;
  const end = angled ? ANGLED.lastIndex : bareEnd(markdown, start);
  const close = skip(BLANKS, markdown, skip(TITLE, markdown, end));
  if (markdown[close] !== ")") return undefined;
  return { target: unescaped(angled?.[1] ?? markdown.slice(start, end)).trim(), to: close + 1 };
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** A target without `<…>` ends at white space or at an unmatched closing parenthesis. */
function bareEnd(markdown: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at - start < LONGEST && depth <= MOST_PARENTHESES) {
    const next = skip(PLAIN, markdown, at);
    const character = markdown[next];
    if (character === "(") depth++;
    else if (character !== ")" || depth-- === 0) return next;
    at = next + 1;
  }
  return at;
}

/** Labels are compared without case and with collapsed white space. */
export const normalLabel = (label: string): string =>
  label.trim().replace(/\s+/g, " ").toLowerCase().toUpperCase();

const DEFINITION =
  /^[ \t>]{0,40}(?:(?:[-*+]|\d{1,9}[.)])[ \t]{1,4})?\[((?:[^[\]\\\n]|\\.){1,1000})\]:[ \t]*(?:\n[ \t]*)?(?:<([^<>\n]{0,3000})>|([^\s<]\S{0,3000}))/gm;

/** The `[label]: address` definitions by label; the first one wins. */
export function* readingDefinitions(markdown: string): Steps<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  if (!markdown.includes("]:")) return found;
  for (const [, label = "", angled, bare = ""] of markdown.matchAll(DEFINITION)) {
    const name = normalLabel(label);
    if (found.size % 100 === 99) yield;
    if (!found.has(name)) found.set(name, unescaped(angled ?? bare).trim());
  }
  return found;
}
