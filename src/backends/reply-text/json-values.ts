/** A JSON value within a text. */
export interface JsonValue {
  readonly value: unknown;
  readonly start: number;
  /** Behind its last character. */
  readonly end: number;
}

/** A string, or what opens one and never ends: else the search for an end would begin again at each mark within. */
const STRING = /"(?:[^"\\]|\\[^])*(?:"|\\?$)/g;

/** Larger texts are not searched: nobody writes a call of that size. */
const LONGEST = 400_000;
/** Nor are more brackets tried: each may take as long as the text. */
const MOST_TRIED = 50;

/** All objects and arrays at the top level of a text, in order. Tolerates what models write for JSON. */
export function jsonValues(text: string): readonly JsonValue[] {
  const found: JsonValue[] = [];
  if (text.length > LONGEST) return found;
  let tried = 0;
  for (let at = nextStart(text, 0); at !== -1 && tried < MOST_TRIED; tried++) {
    const end = endOfValue(text, at);
    const value = end === -1 ? undefined : parseLoosely(text.slice(at, end));
    if (value === undefined) at = nextStart(text, at + 1);
    else {
      found.push({ value, start: at, end });
      at = nextStart(text, end);
    }
    if (end === -1) break;
  }
  return found;
}

function nextStart(text: string, from: number): number {
  const at = text.slice(from).search(/[{[]/);
  return at === -1 ? -1 : from + at;
}

/** Behind the bracket that closes the one at `start`; −1: none does. */
function endOfValue(text: string, start: number): number {
  const pattern = new RegExp(`${STRING.source}|[{}[\\]]`, "g");
  pattern.lastIndex = start;
  let depth = 0;
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    if (found[0] === "{" || found[0] === "[") depth += 1;
    if (found[0] === "}" || found[0] === "]") depth -= 1;
    if (depth === 0) return pattern.lastIndex;
  }
  return -1;
}

/** Parses JSON, and what differs from it by line breaks in strings, commas at the end, or Python's spelling. Undefined: neither. */
export function parseLoosely(text: string): unknown {
  for (const candidate of [text, relaxed(text), fromPython(text)]) {
    try {
      return JSON.parse(candidate);
    } catch {
      // The next spelling may parse.
    }
  }
  return undefined;
}

/** Escapes line breaks within strings, and drops commas before a closing bracket. */
const relaxed = (text: string): string =>
  text
    .replace(STRING, (string) =>
      string
        .replace(/\r?\n/g, "\\n")
        .replace(/\t/g, "\\t")
        .replace(/\\(?!["\\/bfnrtu])/g, "\\\\"),
    )
    .replace(/,(\s*[}\]])/g, "$1");

/** {'a': True} → {"a": true}. */
const fromPython = (text: string): string =>
  text
    .replace(/'((?:[^'\\]|\\[^])*)(?:'|\\?$)/g, (_, inner: string) =>
      JSON.stringify(inner.replace(/\\'/g, "'").replace(/\\n/g, "\n")),
    )
    .replace(/\bTrue\b/g, "true")
    .replace(/\bFalse\b/g, "false")
    .replace(/\bNone\b/g, "null")
    .replace(/,(\s*[}\]])/g, "$1");
