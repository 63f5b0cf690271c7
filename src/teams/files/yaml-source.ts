import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
} from "yaml";

export type Path = readonly PropertyKey[];

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A problem at a position in a file. */
export interface Finding extends Position {
  readonly message: string;
}

/** A parsed YAML text, with the positions of its values. */
export interface YamlSource {
  readonly value: unknown;
  /** Syntax errors; `value` is meaningless if there are any. */
  readonly errors: readonly Finding[];
  /** The position of the value (or, with `key`, the key) at a path, or of its nearest existing parent. */
  at(path: Path, part?: "key" | "value"): Position;
}

const hasRange = (node: unknown): node is { range: [number, number, number] } =>
  typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range);

const pairOf = (node: unknown, segment: PropertyKey) =>
  isMap(node)
    ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(segment))
    : undefined;

/** One step down a path: the nodes of the key (in a mapping) and the value. */
function descend(node: unknown, segment: PropertyKey): { key: unknown; value: unknown } {
  if (isSeq(node)) return { key: null, value: node.items[Number(segment)] };
  const pair = pairOf(node, segment);
  return { key: pair?.key, value: pair?.value };
}

function offsetOf(document: Document, path: Path, part: "key" | "value"): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0] ?? 0;
  for (const segment of path) {
    const { key, value } = descend(isAlias(node) ? node.resolve(document) : node, segment);
    const found = part === "key" && hasRange(key) ? key : value;
    if (hasRange(found)) offset = found.range[0];
    node = value;
  }
  return offset;
}

/** The maximum length of a team file. Parsing blocks the process for a time proportional to the length. */
export const MOST_BYTES = 128 * 1024;
/** The maximum number of structural characters, which dominate parsing time. A large team has about 2,000. */
const MOST_INDICATORS = 8_000;
/** The maximum number of values after alias expansion. 16 agents with all keys have about 500. */
const MOST_VALUES = 10_000;
const MOST_LEVELS = 32;
/** The parser's alias limit, against "billion laughs" attacks. */
const MOST_ALIASES = 100;
/** Each alias is looked up in the whole file. 16 agents with all keys need about 50. */
const MOST_REFERENCES = 300;

const INDICATORS = /[[\]{},:?&*!|>'"%#\n-]/g;

/** Why a text is rejected before parsing; null if it is acceptable. */
function whyTooLarge(text: string): string | null {
  if (Buffer.byteLength(text) > MOST_BYTES) {
    return `the file is larger than ${MOST_BYTES / 1024} kB, the most that is read. Shorten it`;
  }
  const indicators = text.match(INDICATORS)?.length ?? 0;
  return indicators > MOST_INDICATORS
    ? `the file is too complex: ${indicators.toLocaleString("en-US")} YAML indicators, at most ${MOST_INDICATORS.toLocaleString("en-US")} are read. Shorten it`
    : null;
}

interface Visit {
  readonly value: unknown;
  readonly path: Path;
  /** The collections it is in. */
  readonly inside: ReadonlySet<unknown>;
}

const childrenOf = ({ value, path, inside }: Visit): readonly Visit[] => {
  if (typeof value !== "object" || value === null) return [];
  const within = new Set(inside).add(value);
  return Object.entries(value).map(([key, child]: [string, unknown]) => ({
    value: child,
    path: [...path, Array.isArray(value) ? Number(key) : key],
    inside: within,
  }));
};

/** Checks a value's depth and size without recursion, so that later code can safely recurse. */
function whyUnwalkable(root: unknown): { readonly path: Path; readonly why: string } | null {
  const waiting: Visit[] = [{ value: root, path: [], inside: new Set() }];
  let count = 0;
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, path, inside } = next;
    count += 1;
    if (inside.has(value)) return { path, why: "an alias (*) refers to a value that contains it" };
    if (path.length > MOST_LEVELS) {
      return { path, why: `values are nested more than ${MOST_LEVELS} levels deep` };
    }
    if (count > MOST_VALUES) {
      return { path: [], why: `the file holds more than ${MOST_VALUES} values, aliases expanded` };
    }
    waiting.push(...childrenOf(next));
  }
  return null;
}

interface Parsed {
  readonly value: unknown;
  readonly errors: readonly Finding[];
}

function readDocument(document: Document, position: (offset: number) => Position): Parsed {
  const failed = (path: Path, why: string): Parsed => ({
    value: null,
    errors: [{ ...position(offsetOf(document, path, "value")), message: notValid(why) }],
  });
  const [repeated] = repeatedKeys(document);
  if (repeated !== undefined) {
    return { value: null, errors: [{ ...position(repeated), message: REPEATED }] };
  }
  const tooMany = whyTooManyAliases(document);
  if (tooMany !== null) return failed([], tooMany);
  const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
  const problem = whyUnwalkable(value);
  return problem ? failed(problem.path, problem.why) : { value, errors: [] };
}

const REPEATED = "not valid YAML: a mapping has this key twice";

/** The position of a duplicate key. The parser's own check takes quadratic time. */
function repeatedKeys(document: Document): readonly number[] {
  const found: number[] = [];
  visit(document, {
    Map(_, { items }) {
      const keys = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key) || key.value === "<<") continue;
        if (keys.has(key.value) && key.range) found.push(key.range[0]);
        keys.add(key.value);
      }
    },
  });
  return found;
}

/** Why the aliases are rejected before they are followed; null if they are acceptable. A merge key copies a whole mapping each time. */
function whyTooManyAliases(document: Document): string | null {
  const sizes = new Map<string, number>();
  let [aliases, values] = [0, 0];
  visit(document, {
    Collection(_, { anchor, items }) {
      if (anchor !== undefined) sizes.set(anchor, items.length);
    },
    Alias(_, { source }) {
      aliases += 1;
      values += sizes.get(source) ?? 1;
      return aliases > MOST_REFERENCES || values > MOST_VALUES ? visit.BREAK : undefined;
    },
  });
  if (aliases > MOST_REFERENCES) return `the file has more than ${MOST_REFERENCES} aliases (*)`;
  return values > MOST_VALUES
    ? `the file holds more than ${MOST_VALUES} values, aliases expanded`
    : null;
}

/** The parser is recursive. Deep nesting overflows its stack, which it reports as an error. */
const notValid = (why: string): string =>
  `not valid YAML: ${/call stack/.test(why) ? "values are nested too deeply" : why}`;

const unreadable = (message: string): YamlSource => ({
  value: null,
  errors: [{ line: 1, column: 1, message }],
  at: () => ({ line: 1, column: 1 }),
});

/** Reads YAML 1.2 (or JSON, which it contains), with anchors and merge keys, within limits of size, depth and aliases. Never throws. */
export function parseYaml(text: string): YamlSource {
  const tooLarge = whyTooLarge(text);
  if (tooLarge !== null) return unreadable(tooLarge);
  try {
    return parseWithin(text);
  } catch (error) {
    return unreadable(notValid(error instanceof Error ? error.message : String(error)));
  }
}

function parseWithin(text: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    uniqueKeys: false,
    // Node would print the library's warnings, with words of the file, past the log.
    logLevel: "error",
  });
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const broken = [...document.errors, ...document.warnings].slice(0, MOST_ERRORS);
  const errors = broken.map((error) => ({
    ...position(error.pos[0]),
    message: notValid(error.message),
  }));
  const read = errors.length > 0 ? { value: null, errors } : readDocument(document, position);
  return { ...read, at: (path, part = "value") => position(offsetOf(document, path, part)) };
}

/** The maximum number of errors to report. */
const MOST_ERRORS = 20;
