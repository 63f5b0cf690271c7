import type { Token } from "./tokens.ts";

const PAUSES = ":,;.([—→⇒|•∴&";

/** Whether nothing before the calculation that begins at a place belongs to it. */
export function isStart(tokens: readonly Token[], at: number): boolean {
  const [first, before] = [tokens[at], tokens[at - 1]];
  if (!first || !before || before.kind === "relation") return true;
  return !isBinarySign(first, before) && isOpenBefore(tokens, at);
}

function isOpenBefore(tokens: readonly Token[], at: number): boolean {
  const [first, before, earlier] = [tokens[at], tokens[at - 1], tokens[at - 2]];
  if (!first || !before) return true;
  if (before.kind === "word") return !first.glued && isLead(tokens, at - 1);
  if (before.kind === "open") return earlier === undefined || !before.glued;
  return isPause(before, earlier) && (!first.glued || before.text === "|");
}

/** "2 : 3" is a ratio; "It is 391: 17 × 23 …" goes on. */
const isPause = ({ text, glued }: Token, earlier: Token | undefined): boolean =>
  PAUSES.includes(text) && (text !== ":" || earlier?.kind !== "number" || glued);

/** A sign that has something on its left. */
const isBinarySign = (first: Token, before: Token): boolean =>
  first.kind === "operator" &&
  first.text !== "√" &&
  !(first.text === "-" && before.kind === "mark");

/** "… and 17 × 3" is a calculation of its own only behind another one: "17 × 20 = 340 and 17 × 3 = 51". */
function isLead(tokens: readonly Token[], at: number): boolean {
  const text = tokens[at]?.text.toLowerCase() ?? "";
  if (text !== "and") return LEADS.has(text);
  return tokens[at - 1]?.text === "," || isResult(tokens, at - 1);
}

const isResult = (tokens: readonly Token[], at: number): boolean =>
  tokens[at]?.kind === "number" && tokens[at - 1]?.kind === "relation";

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
  if ("—|→⇒✓✔✅".includes(after.text)) return true;
  return ".,;:)]".includes(after.text) && !isGluedWord(later);
}

const isGluedWord = (token: Token | undefined): boolean =>
  token?.glued === true && /[\p{L}\d]/u.test(token.text);
