import type { Token } from "./tokens.ts";

const PAUSES = ":,;.([—→⇒|•∴&";

/** Whether nothing before a calculation belongs to it. `before`, `earlier`: the tokens in front of it. */
export function isStart(
  first: Token,
  before: Token | undefined,
  earlier: Token | undefined,
): boolean {
  if (!before || before.kind === "relation") return true;
  if (isBinarySign(first, before)) return false;
  if (before.kind === "word") return !first.glued && isLead(before, earlier);
  if (before.kind === "open") return earlier === undefined || !before.glued;
  return isPause(before, earlier) && (!first.glued || before.text === "|");
}

/** "2 : 3" is a ratio, and "10:30" a time. */
const isPause = ({ text }: Token, earlier: Token | undefined): boolean =>
  PAUSES.includes(text) && !(text === ":" && earlier?.kind === "number");

/** A sign that has something on its left. */
const isBinarySign = (first: Token, before: Token): boolean =>
  first.kind === "operator" &&
  first.text !== "√" &&
  !(first.text === "-" && before.kind === "mark");

const isLead = ({ text }: Token, earlier: Token | undefined): boolean =>
  text === "and" ? earlier?.text === "," : LEADS.has(text.toLowerCase());

/** Words that may stand before a calculation without changing it. */
const LEADS = new Set(
  "so then thus hence therefore have has get gets give gives be that because since as compute computing calculate calculating total totals now means is are was were check first second third next finally here see find is sum cost costs leaves leaving makes making step area volume answer result e.g i.e".split(
    " ",
  ),
);

/** Whether nothing behind a calculation belongs to it. `after`, `later`: the tokens behind it. */
export function isEnd(after: Token | undefined, later: Token | undefined): boolean {
  if (!after || after.kind === "relation" || after.kind === "close") return true;
  if (after.kind === "word") return !after.glued;
  if (after.kind !== "mark") return false;
  if ("—|→⇒".includes(after.text)) return true;
  return ".,;:)]".includes(after.text) && !isGluedWord(later);
}

const isGluedWord = (token: Token | undefined): boolean =>
  token?.glued === true && /[\p{L}\d]/u.test(token.text);
