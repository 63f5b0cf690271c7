/** A section takes 3,000 characters. */
const LONGEST = 2_900;
const FENCE = "```";

/** Texts in Slack's marks, put together into as few sections as hold them; none is lost. */
export function packSections(texts: readonly string[], gap = "\n\n"): readonly string[] {
  const packed: string[] = [];
  for (const piece of texts.flatMap(cutToFit)) {
    const last = packed.at(-1);
    const joined = last === undefined ? piece : `${last}${gap}${piece}`;
    if (last === undefined || joined.length > LONGEST) packed.push(piece);
    else packed[packed.length - 1] = joined;
  }
  return packed;
}

function cutToFit(text: string): readonly string[] {
  if (text.length <= LONGEST) return [text];
  if (!text.startsWith(`${FENCE}\n`)) return cutLines(text, LONGEST);
  const code = text.slice(FENCE.length + 1, -FENCE.length - 1);
  return cutLines(code, LONGEST - 2 * FENCE.length - 2).map(
    (part) => `${FENCE}\n${part}\n${FENCE}`,
  );
}

/** Between lines where that can be, else between words, else anywhere but inside a character, a link or an escape. */
function cutLines(text: string, most: number): readonly string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > most) {
    const at = cutAt(rest.slice(0, most));
    parts.push(rest.slice(0, at));
    rest = rest.slice(at).replace(/^\n| /, "");
  }
  return [...parts, rest].filter((part) => part.trim() !== "");
}

function cutAt(head: string): number {
  const half = head.length / 2;
  const line = head.lastIndexOf("\n");
  if (line > half) return line;
  const word = head.lastIndexOf(" ");
  if (word > half && !isInToken(head.slice(0, word))) return word;
  const whole = head.replace(/(?:[\uD800-\uDBFF]|&[a-z]{0,3}|<[^<>]{0,1000})$/, "");
  return whole.length > 0 ? whole.length : head.length;
}

const isInToken = (head: string): boolean => head.lastIndexOf("<") > head.lastIndexOf(">");
