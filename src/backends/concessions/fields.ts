/** Fields without which a request means nothing, or whose absence needs more than leaving them out. */
const NEEDED = new Set(
  [
    "model",
    "messages",
    "input",
    "contents",
    "role",
    "content",
    "parts",
    "type",
    "text",
    "stream",
    "system",
    "instructions",
    "systemInstruction",
    "config",
    "httpOptions",
    "extraBody",
    "apiVersion",
    "abortSignal",
    "tools",
    "function",
    "functionDeclarations",
    "name",
    "description",
    "parameters",
    "parametersJsonSchema",
    "input_schema",
    "json_schema",
    "schema",
    "source",
    "data",
    "media_type",
    "inlineData",
    "mimeType",
    "image_url",
    "url",
    "file",
    "file_data",
    "response_format",
    "output_format",
  ].map(plain),
);

/** Ordinary words: a message that contains one does not mean the field, unless it marks it as one. */
const ORDINARY = new Set(
  [
    "user",
    "stop",
    "include",
    "metadata",
    "plugins",
    "options",
    "models",
    "provider",
    "title",
    "format",
    "effort",
    "summary",
    "detail",
    "filename",
    "items",
    "required",
    "properties",
    "enum",
    "mode",
    "display",
    "usage",
    "n",
    "reasoning",
    "thinking",
    "store",
    "strict",
    "transforms",
    "route",
    "safety",
    "modalities",
    "audio",
    "verbosity",
  ].map(plain),
);

/** Maps whose keys are names of their own, not fields. */
const NAMES = new Set(["properties", "headers"]);

/** `max_tokens` and `maxTokens` are one field. */
function plain(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

/** The paths of all fields of a body that can be left out. A list stands for all that is below it: `tools.*.strict`. */
export function fieldsIn(body: object): readonly string[] {
  const found = new Set<string>();
  collect(body, [], found);
  return [...found];
}

function collect(value: unknown, path: readonly string[], found: Set<string>): void {
  if (Array.isArray(value)) {
    const list = path.includes("*") ? path.slice(0, path.indexOf("*") + 1) : [...path, "*"];
    for (const item of value) collect(item, list, found);
    return;
  }
  for (const [key, inner] of entriesOf(value)) {
    const below = path.includes("*") ? path.slice(0, path.indexOf("*") + 1) : path;
    if (!NEEDED.has(plain(key))) found.add([...below, key].join("."));
    const inside = NAMES.has(key) ? entriesOf(inner).map(([, part]) => part) : [inner];
    for (const part of inside) collect(part, [...below, key], found);
  }
}

/** Leaves these fields, and objects that become empty, out of a body that nobody else uses. */
export function dropFields(body: object, paths: readonly string[]): void {
  for (const path of paths) {
    const [above = "", below] = path.split(".*.");
    if (below === undefined) dropAt(body, above.split("."));
    else for (const item of listAt(body, above.split("."))) dropBelow(item, below);
  }
}

function dropAt(value: unknown, [key = "", ...rest]: readonly string[]): void {
  const inner = entriesOf(value).find(([name]) => name === key)?.[1];
  if (rest.length > 0) dropAt(inner, rest);
  if (!isFields(value)) return;
  if (rest.length === 0 || (isFields(inner) && Object.keys(inner).length === 0)) {
    Reflect.deleteProperty(value, key);
  }
}

function listAt(value: unknown, path: readonly string[]): readonly unknown[] {
  const at = path.reduce<unknown>(
    (inner, key) => entriesOf(inner).find(([name]) => name === key)?.[1],
    value,
  );
  return Array.isArray(at) ? at : [];
}

function dropBelow(value: unknown, key: string): void {
  if (Array.isArray(value)) {
    for (const item of value) dropBelow(item, key);
    return;
  }
  if (!isFields(value)) return;
  Reflect.deleteProperty(value, key);
  for (const [name, inner] of entriesOf(value)) {
    const inside = NAMES.has(name) ? entriesOf(inner).map(([, part]) => part) : [inner];
    for (const part of inside) dropBelow(part, key);
  }
}

const isFields = (value: unknown): value is object =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  !ArrayBuffer.isView(value) &&
  !(value instanceof AbortSignal);

const entriesOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  isFields(value) ? Object.entries(value).filter(([, inner]) => inner !== undefined) : [];

/** The fields that a server's message names, most exactly named first. `param`: the field that the error itself names. */
export function namedFields(
  fields: readonly string[],
  words: string,
  param: string | null,
): readonly string[] {
  const exact = fields.filter((path) => param !== null && isPath(path, param));
  if (exact.length > 0) return exact.slice(0, 1);
  const all = fields.filter((path) => isNamed(path, words));
  const named = all.filter((path) => !all.some((other) => isInside(other, path, words)));
  // A message that lists many fields lists those that the server takes.
  return named.length > MOST_NAMED ? [] : longestFirst(named);
}

const MOST_NAMED = 4;

/** `cache_control.ephemeral.ttl` and “cache_control with ttl” mean the last field: the one before says where it stands. */
function isInside(inner: string, outer: string, words: string): boolean {
  const [field = "", place = ""] = [inner, outer].map((path) => path.split(".").at(-1));
  if (field === place) return false;
  const path = `(?:${spellings(place)})\\.(?:[\\w*]+\\.)*(?:${spellings(field)})\\b`;
  return (field === "ttl" && place === "cache_control") || new RegExp(path, "i").test(words);
}

const longestFirst = (paths: readonly string[]): readonly string[] =>
  paths
    .filter((path) => !paths.some((other) => other !== path && other.startsWith(`${path}.`)))
    .toSorted((a, b) => b.length - a.length);

const isPath = (path: string, param: string): boolean => {
  const [wanted, given] = [path, param].map((one) =>
    plain(one.replace(/\[\d*\]|\.\d+(?=\.|$)/g, "").replaceAll(".*", "")),
  );
  return wanted === given || last(path) === plain(param) || wanted?.endsWith(`.${given}`) === true;
};

const last = (path: string): string => plain(path.split(".").at(-1) ?? "");

function isNamed(path: string, words: string): boolean {
  const name = path.split(".").at(-1) ?? "";
  const pattern = spellings(name);
  const asField = new RegExp(
    `["'\u0060\\[.](?:${pattern})["'\u0060\\]:,.]|(?:parameter|argument|field|property|key|name|supplied|input|param)s?:? ["'\u0060]?(?:${pattern})\\b|(?:^|[\\s,])(?:${pattern}): `,
    "i",
  );
  if (asField.test(words)) return true;
  return (
    !ORDINARY.has(plain(name)) && new RegExp(`(?<![\\w-])(?:${pattern})(?![\\w-])`, "i").test(words)
  );
}

/** `maxOutputTokens` → `max_output_tokens` too, and the other way round. */
function spellings(name: string): string {
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return [...new Set([name, snake, camel])].map((one) => RegExp.escape(one)).join("|");
}
