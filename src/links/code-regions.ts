/** A range of a text, as offsets. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A fence, behind quotes and list items. Each blank has one place in the pattern: with two, `- - - -` took time without end. */
const OPENS =
  /^(?:([ \t]{0,3}(?:>|[-*+]|\d{1,9}[.)])(?:[ \t]{0,7}(?:>|[-*+]|\d{1,9}[.)]))*)[ \t]{0,7}|[ \t]{0,3})(`{3,}(?=[^`]*$)|~{3,})/;

interface Fence {
  readonly from: number;
  readonly marks: string;
  readonly quotes: number;
  /** The indent, in columns, of lines in the same list item. */
  readonly indent: number;
}

/**
 * Finds code: closed fenced blocks, and code spans within one line. Ambiguous text does not count as code, because links are checked
 * everywhere else. Linear.
 */
export function codeRegions(text: string): readonly Stretch[] {
  const found: Stretch[] = [];
  let fence: Fence | undefined;
  let spans: Stretch[] = [];
  let from = 0;
  for (const line of text.split("\n")) {
    const to = from + line.length;
    if (fence && isOutside(line, fence)) {
      found.push(...spans);
      fence = undefined;
    }
    if (fence && closes(line, fence)) {
      found.push({ from: fence.from, to });
      fence = undefined;
    } else if (fence) spans.push(...codeSpans(line, from));
    else {
      fence = opened(line, from);
      spans = [];
      if (!fence) found.push(...codeSpans(line, from));
    }
    from = to + 1;
  }
  return fence ? [...found, ...spans] : found;
}

function opened(line: string, from: number): Fence | undefined {
  const [, before = "", marks] = OPENS.exec(line) ?? [];
  if (marks === undefined) return undefined;
  const quotes = before.split(">").length - 1;
  return {
    from,
    marks,
    quotes,
    indent: before.slice(before.lastIndexOf(">") + 1).trimEnd().length,
  };
}

function isOutside(line: string, { quotes, indent }: Fence): boolean {
  const rest = line.replace(/^(?:[ \t]{0,3}>)+/, "");
  const own = line.slice(0, line.length - rest.length).split(">").length - 1;
  if (own < quotes) return true;
  return rest.trim() !== "" && rest.length - rest.trimStart().length < indent;
}

function closes(line: string, { marks }: Fence): boolean {
  const rest = line.replace(/^[ \t>]*/, "").trimEnd();
  return rest.startsWith(marks) && rest === (marks[0] ?? "`").repeat(rest.length);
}

/** A span that contains `|` may be two table cells, so it does not count. */
function codeSpans(line: string, from: number): Stretch[] {
  const runs = [...line.matchAll(/\\`|`+/g)].filter(([run]) => !run.startsWith("\\"));
  const later = new Map<number, number[]>();
  for (const { 0: run, index } of runs) {
    later.set(run.length, [...(later.get(run.length) ?? []), index]);
  }
  const spans: Stretch[] = [];
  let done = -1;
  for (const { 0: run, index } of runs) {
    if (index < done) continue;
    const same = later.get(run.length) ?? [];
    while (same[0] !== undefined && same[0] <= index) same.shift();
    const end = same[0];
    if (end === undefined || line.slice(index, end).includes("|")) continue;
    done = end + run.length;
    spans.push({ from: from + index, to: from + done });
  }
  return spans;
}
