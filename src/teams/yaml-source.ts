import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";

export type Path = readonly PropertyKey[];

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A finding at a place in a file. */
export interface Finding extends Position {
  readonly message: string;
}

/** A YAML text and where each of its values stands. */
export interface YamlSource {
  readonly value: unknown;
  /** What makes the text unreadable; `value` means nothing then. */
  readonly errors: readonly Finding[];
  /** Where the value (or, with `key`, its key) at a path starts; the nearest thing around it if it is not there. */
  at(path: Path, part?: "key" | "value"): Position;
}

const hasRange = (node: unknown): node is { range: [number, number, number] } =>
  typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range);

const pairOf = (node: unknown, segment: PropertyKey) =>
  isMap(node)
    ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(segment))
    : undefined;

/** One step down: the nodes of the key (of a mapping) and of the value. */
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

function toValue(document: Document): { value: unknown; problem: string | null } {
  try {
    return { value: document.toJS({ maxAliasCount: 100 }), problem: null };
  } catch (error) {
    return { value: null, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Reads YAML 1.2 (or JSON, which it contains), with anchors and merge keys. Never throws. */
export function parseYaml(text: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
  });
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const errors = [...document.errors, ...document.warnings].map((error) => ({
    ...position(error.pos[0]),
    message: `not valid YAML: ${error.message}`,
  }));
  const { value, problem } = errors.length > 0 ? { value: null, problem: null } : toValue(document);
  if (problem !== null) {
    errors.push({ ...position(0), message: `not valid YAML: ${problem}` });
  }
  return {
    value,
    errors,
    at: (path, part = "value") => position(offsetOf(document, path, part)),
  };
}
