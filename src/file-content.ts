const ASCII = new TextDecoder("latin1");
/** A PDF may have up to this much in front of its header: readers look for it there. */
const PDF_HEADER_WITHIN = 1024;
const TEXT_LOOKED_AT = 4096;

const startsWith = (data: Uint8Array, ...bytes: readonly number[]): boolean =>
  bytes.every((byte, i) => data[i] === byte);

const ascii = (data: Uint8Array, from: number, to: number): string =>
  ASCII.decode(data.subarray(from, to));

const BINARY: readonly (readonly [type: string, matches: (data: Uint8Array) => boolean])[] = [
  ["image/png", (data) => startsWith(data, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)],
  ["image/jpeg", (data) => startsWith(data, 0xff, 0xd8, 0xff)],
  ["image/gif", (data) => /^GIF8[79]a/.test(ascii(data, 0, 6))],
  ["image/webp", (data) => /^RIFF[^]{4}WEBP/.test(ascii(data, 0, 12))],
];

const TEXT: readonly (readonly [type: string, start: RegExp])[] = [
  ["text/html", /^<(?:!doctype\s+html|html|head|body|title|meta|script|style|iframe)\b/i],
  ["image/svg+xml", /^<(?:!doctype\s+svg|svg)\b/i],
  ["application/xml", /^<(?:\?xml|!doctype|[a-z_][\w.:-]*[\s/>])/i],
  ["application/json", /^(?:\{\s*["}]|\[\s*["{[\]\d-])/],
];

/**
 * The media type that the bytes of a file show, whatever its name or sender says: of an image or a PDF that models read, or of a text that
 * is served in place of one (a login page, an error as JSON or XML). Undefined: neither. Looks at the first 4 kB only.
 */
export function sniffMediaType(data: Uint8Array): string | undefined {
  const binary = BINARY.find(([, matches]) => matches(data))?.[0];
  if (binary !== undefined) return binary;
  const text = openingText(data);
  const textual = TEXT.find(([, start]) => start.test(text))?.[0];
  // A page may quote a PDF's header; a PDF never begins as a page.
  if (textual === "text/html") return textual;
  return ascii(data, 0, PDF_HEADER_WITHIN).includes("%PDF-") ? "application/pdf" : textual;
}

/** The start of a text without what may precede its first tag: byte order mark, blanks, comments, the XML declaration. */
function openingText(data: Uint8Array): string {
  const head = data.subarray(0, TEXT_LOOKED_AT);
  let text = new TextDecoder(encodingOf(head)).decode(head).trimStart();
  for (const skipped of [/^<\?xml[^>]*\?>\s*/i, /^<!--[^]*?-->\s*/]) {
    while (skipped.test(text)) {
      const rest = text.replace(skipped, "");
      if (rest === "") return text;
      text = rest;
    }
  }
  return text;
}

function encodingOf(head: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (startsWith(head, 0xff, 0xfe)) return "utf-16le";
  return startsWith(head, 0xfe, 0xff) ? "utf-16be" : "utf-8";
}

const PAGES = new Set(["text/html", "application/xhtml+xml"]);
export const isWebPage = (mediaType: string): boolean => PAGES.has(bareMediaType(mediaType));

/** "image/png" of "Image/PNG; name=cat". */
export const bareMediaType = (mediaType: string): string =>
  (mediaType.split(";")[0] ?? "").trim().toLowerCase();

const SHOWN_AS_FILES: ReadonlySet<string> = new Set([
  ...BINARY.map(([type]) => type),
  "application/pdf",
]);

const WORDS: Readonly<Record<string, string>> = {
  "text/html": "a web page",
  "image/svg+xml": "an SVG drawing",
  "application/xml": "XML",
  "application/json": "JSON",
};

/**
 * The media type under which a file that claims to be an image or a PDF can be shown to a model: what its bytes are, since providers refuse
 * a JPEG sent as PNG. Other files keep the type they claim. Throws an `Error` when the bytes are no image or PDF at all.
 */
export function checkMediaType(claimed: string, data: Uint8Array): string {
  const type = bareMediaType(claimed);
  if (!SHOWN_AS_FILES.has(type)) return type;
  const actual = sniffMediaType(data);
  if (actual !== undefined && SHOWN_AS_FILES.has(actual)) return actual;
  const what = data.byteLength === 0 ? "nothing" : (WORDS[actual ?? ""] ?? "something else");
  throw new Error(`The file should be ${type}, but holds ${what}.`);
}
