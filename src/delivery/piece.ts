/** The capacity of a part: `limit` UTF-16 code units. Markers of enclosing quotes and lists take `perLine` units of each line. */
export interface Fit {
  readonly limit: number;
  readonly perLine: number;
  /** The number of enclosing quotes and lists. */
  readonly level: number;
}

/** Text that is not split further. */
export interface Piece {
  readonly text: string;
  /** The separator from the previous piece, if both are in the same part. */
  readonly gap: string;
  /** Keep with the next piece: a heading must not end a part. */
  readonly leads: boolean;
}

export const piece = (text: string, gap: string, leads = false): Piece => ({ text, gap, leads });

export function sizeOf(text: string, { perLine }: Fit): number {
  if (perLine === 0) return text.length;
  let lines = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return text.length + perLine * lines;
}

export const indent = (text: string, width: number): string =>
  text.replace(/\n(?=[^\n])/g, `\n${" ".repeat(width)}`);

export const dedent = (text: string, width: number): string =>
  text.replace(new RegExp(`\\n {1,${width}}`, "g"), "\n");

/** Groups lines in order so that each group fits. Cuts a line that is too long on its own. */
export function groupLines(lines: readonly string[], fit: Fit): string[] {
  const groups: string[] = [];
  let group: string[] = [];
  let size = 0;
  for (const line of lines.flatMap((whole) => cutHard(whole, fit.limit - fit.perLine))) {
    const added = line.length + fit.perLine + (group.length === 0 ? 0 : 1);
    if (group.length > 0 && size + added > fit.limit) {
      groups.push(group.join("\n"));
      group = [line];
      size = line.length + fit.perLine;
    } else {
      group.push(line);
      size += added;
    }
  }
  return group.length === 0 ? groups : [...groups, group.join("\n")];
}

/** Splits unstructured text by lines. */
export const linesWithin = (text: string, fit: Fit): Piece[] =>
  groupLines(text.split("\n"), fit).map((group) => piece(group, "\n"));

function cutHard(line: string, length: number): string[] {
  const cut: string[] = [];
  let rest = line;
  while (rest.length > length) {
    const end = wholeCharacters(rest, length);
    cut.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  cut.push(rest);
  return cut;
}

// Low surrogates, combining marks, joiners, variation selectors and skin tones belong to the preceding character.
const CONTINUES = /^(?:[\uDC00-\uDFFF]|\p{Mark}|\u200D|[\u{1F3FB}-\u{1F3FF}])/u;

/** The last index up to `end` that does not split a character; at least 1. */
export function wholeCharacters(text: string, end: number): number {
  let at = end;
  const inside = () => CONTINUES.test(text.slice(at, at + 2)) || text[at - 1] === "\u200D";
  while (at > 1 && end - at < 32 && inside()) at--;
  return inside() ? Math.max(1, end) : at;
}
