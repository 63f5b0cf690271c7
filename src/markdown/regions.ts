/** Code blocks between fences stand apart: nothing in them is Markdown. */
export interface Region {
  readonly kind: "code" | "text";
  /** Offsets of its first line and of the line behind it. */
  readonly from: number;
  readonly to: number;
}

interface Fence {
  readonly marks: string;
  readonly indent: number;
}

const OPENS = /^( {0,3})(?:(`{3,})[^`]*$|(~{3,}))/;
const ITEM = /^( {0,3})([-+*]|\d{1,9}[.)])([ \t]+|$)/;
const HTML: readonly (readonly [opens: RegExp, ends: RegExp])[] = [
  [/^ {0,3}<(?:script|pre|style|textarea)(?:[\s>]|$)/i, /<\/(?:script|pre|style|textarea)>/i],
  [/^ {0,3}<!--/, /-->/],
  [/^ {0,3}<\?/, /\?>/],
  [/^ {0,3}<!\[CDATA\[/, /\]\]>/],
  [/^ {0,3}<![a-z]/i, />/],
  [
    /^ {0,3}<\/?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?:[\s>]|\/>|$)/i,
    /^\s*$/,
  ],
];
/** A tag alone on a line: it does not interrupt a paragraph. */
const LONE_TAG = [/^ {0,3}<\/?[a-z][\w-]*(?:\s[^<>]*)?>\s*$/i, /^\s*$/] as const;

/** The line that begins at `from`, without its line feed. */
export function lineAt(text: string, from: number): string {
  const end = text.indexOf("\n", from);
  return text.slice(from, end < 0 ? text.length : end);
}

/** What the lines so far leave open, at the top level. */
export interface Open {
  /** A list, by the column where the content of its last item begins. */
  readonly list: number | undefined;
  /** Raw HTML, by what ends it. */
  readonly html: RegExp | undefined;
  readonly isBlank: boolean;
}

export const NOTHING_OPEN: Open = { list: undefined, html: undefined, isBlank: true };

/** Goes on by one line that is in no code block. */
export function readLine(open: Open, line: string): Open {
  const isBlank = line.trim() === "";
  if (open.html) return { ...open, html: open.html.test(line) ? undefined : open.html, isBlank };
  if (isBlank) return { ...open, isBlank };
  const column = itemColumn(line, open);
  if (column !== undefined) return { list: column, html: undefined, isBlank };
  if (isNested(line, open)) return { list: open.list, html: undefined, isBlank };
  const isLazy = !open.isBlank && !INTERRUPTS.test(line);
  return { list: isLazy ? open.list : undefined, html: htmlEnd(line, open), isBlank };
}

/** Ends a paragraph, and with it the list that it stands in. */
export const INTERRUPTS = /^ {0,3}(?:#{1,6}(?:[ \t]|$)|>|<|([-*_])(?:[ \t]*\1){2,}[ \t]*$)/;

/** Where the content begins, of an item at the top level. */
function itemColumn(line: string, { list = 4 }: Open): number | undefined {
  const [, indent = "", sign, blanks = ""] = ITEM.exec(line) ?? [];
  if (sign === undefined || indent.length >= list) return undefined;
  return indent.length + sign.length + (blanks === "" || blanks.length > 4 ? 1 : blanks.length);
}

const isNested = (line: string, { list }: Open): boolean =>
  list !== undefined && indentOf(line) >= list;

function htmlEnd(line: string, { isBlank }: Open): RegExp | undefined {
  const kinds = isBlank ? [...HTML, LONE_TAG] : HTML;
  const end = kinds.find(([opens]) => opens.test(line))?.[1];
  return end?.test(line) ? undefined : end;
}

const indentOf = (line: string): number => /^ */.exec(line)?.[0].length ?? 0;

/** The fence that a line opens at the top level. */
export function fenceIn(line: string, open: Open): Fence | undefined {
  const found = open.html ? null : OPENS.exec(line);
  const [, blanks = "", ticks, tildes] = found ?? [];
  const marks = ticks ?? tildes;
  return marks === undefined || blanks.length >= (open.list ?? Infinity)
    ? undefined
    : { marks, indent: blanks.length };
}

/** Whether a line closes a code block. */
export const closes = (line: string, { marks }: Pick<Fence, "marks">): boolean => {
  const text = line.trim();
  return /^ {0,3}\S/.test(line) && text.startsWith(marks) && text === marks[0]?.repeat(text.length);
};

/** The code blocks of a text and what stands between them, in order; together they are the text. */
export function* readRegions(text: string): Generator<Region> {
  let from = 0;
  let fence: Fence | undefined;
  let open = NOTHING_OPEN;
  for (let at = 0; at < text.length;) {
    const line = lineAt(text, at);
    const next = at + line.length + 1;
    const opened = fence ? undefined : fenceIn(line, open);
    if (opened) {
      if (at > from) yield { kind: "text", from, to: at };
      from = at;
      fence = opened;
    } else if (fence && closes(line, fence)) {
      yield { kind: "code", from, to: Math.min(next, text.length) };
      from = next;
      fence = undefined;
      open = NOTHING_OPEN;
    } else if (!fence) open = readLine(open, line);
    at = next;
  }
  if (from < text.length) yield { kind: fence ? "code" : "text", from, to: text.length };
}
