import { createHash } from "node:crypto";
import { base64Of, type FilePart, isDocument, isImage, nameOf } from "../prompt-parts.ts";
import { VAGUE } from "./refusal-words.ts";
import type { Said } from "./said.ts";

/*
 * How servers say that they cannot read a file: Anthropic (anthropics/claude-code#46127, #6231, #19631, #4778, #9375, danny-avila/LibreChat#14485),
 * Gemini (google-gemini/gemini-cli#13808, #14838, AmberSahdev/Open-Interface#64, egoist/chatwise-releases#799), OpenAI
 * (STranslate/STranslate#277, CosmosShadow/gptpdf#6), OpenRouter (lumina-ai-inc/chunkr#341).
 */

const UNREADABLE = String.raw`(?:not (?:a )?valid|invalid|corrupt\w{0,9}|damaged|broken|empty|unreadable|malformed|truncated|too (?:large|big|small|long|short|many pixels)|encrypted|password)`;
const FAILED = String.raw`(?:could not|couldn't|cannot|can't|can not|unable to|failed to|error)[^.]{0,30}(?:process|decode|read|load|open|parse|identify|extract|download|convert)\w{0,9}`;

const kindWords = (noun: string): string =>
  [
    `${FAILED}[^.]{0,40}\\b${noun}`,
    `\\b${noun}s?\\b[^.]{0,60}${UNREADABLE}`,
    `${UNREADABLE}[_ ](?:input[_ ])?(?:${noun})`,
    `\\b${noun}s?\\b[^.]{0,40}${FAILED}`,
    `unsupported[_ ](?:input[_ ])?${noun}s?\\b`,
    `\\b${noun}[_ ]?(?:format|type|file|data|parse)[^.]{0,40}(?:${UNREADABLE}|unsupported|not supported|error)`,
    `\\b${noun}s? (?:exceeds?|size|dimensions?|length|width|height)\\b`,
    `represent a valid ${noun}`,
  ].join("|");

const IMAGE = new RegExp(
  `${kindWords("(?:image|picture)")}|max allowed size|must be one of.{0,40}image/|input should be 'image/|not meet the model restrictions`,
  "is",
);
const DOCUMENT = new RegExp(
  `${kindWords("(?:pdf|document|file)")}|pdf pages|\\bpages\\b[^.]{0,40}(?:maximum|limit|exceed|at most)|(?:maximum|limit|exceed|at most)[^.]{0,40}\\bpages\\b|has no pages|password.?protected|input should be 'application/pdf'`,
  "is",
);
const ANY = /base64|inline_?data|payload size|request (?:entity )?too large|request_too_large/i;

/** The files that the server's words may mean; empty if they mean none. */
export function suspectsOf(said: Said, files: readonly FilePart[]): readonly FilePart[] {
  const { words, status } = said;
  const kinds = [
    ...(IMAGE.test(words) ? [isImage] : []),
    ...(DOCUMENT.test(words) ? [isDocument] : []),
  ];
  const meant = files.filter((file) => kinds.some((isKind) => isKind(file)));
  if (meant.length > 0) return meant;
  return kinds.length === 0 && (ANY.test(words) || VAGUE.test(words) || status === 413)
    ? files
    : [];
}

/** The file that the message itself names, by its place in the body or by its name. */
export function namedFile(
  { words, param }: Said,
  body: object,
  files: readonly FilePart[],
): FilePart | undefined {
  const block = blockAt(`${param} ${words}`, body);
  if (block !== undefined) {
    const strings = new Set(stringsIn(block));
    const found = files.filter((file) => {
      const data = base64Of(file);
      return [...strings].some((text) => text.endsWith(data));
    });
    if (found.length === 1) return found[0];
  }
  const named = files.filter((file) => nameOf(file).length > 3 && words.includes(nameOf(file)));
  return named.length === 1 ? named[0] : undefined;
}

const PLACE =
  /(?<list>messages|input|contents)(?:\.|\[)(?<message>\d+)\]?\.(?:content|parts)(?:\.|\[)(?<part>\d+)/i;

/** `messages.4.content.0`, `input[0].content[1]`: the block at that place. */
function blockAt(words: string, body: object): unknown {
  const { list, message, part } = PLACE.exec(words)?.groups ?? {};
  if (list === undefined) return undefined;
  const messages: unknown = Reflect.get(body, list.toLowerCase());
  const at: unknown = Array.isArray(messages) ? messages[Number(message)] : undefined;
  if (typeof at !== "object" || at === null) return undefined;
  const blocks: unknown = Reflect.get(at, "content") ?? Reflect.get(at, "parts");
  return Array.isArray(blocks) ? blocks[Number(part)] : undefined;
}

function* stringsIn(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  if (typeof value !== "object" || value === null) return;
  for (const inner of Object.values(value)) yield* stringsIn(inner);
}

/** Whether the bytes look broken: cut off, empty, encrypted. */
export function looksBroken(file: FilePart): boolean {
  const { data } = file;
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const [head, tail] = [bytes.subarray(0, 16), bytes.subarray(-1024)];
  if (bytes.length < 40) return true;
  if (head.includes("PNG")) return !tail.includes("IEND");
  if (head[0] === 0xff && head[1] === 0xd8) return !tail.includes(Buffer.from([0xff, 0xd9]));
  if (head.includes("%PDF")) return !tail.includes("%%EOF") || bytes.includes("/Encrypt");
  return head.includes("RIFF") && bytes.readUInt32LE(4) + 8 > bytes.length;
}

const hashes = new WeakMap<Uint8Array, string>();

/** Identifies a file by its content. */
export function hashOf({ data }: FilePart): string {
  const hash = hashes.get(data) ?? createHash("sha256").update(data).digest("base64url");
  hashes.set(data, hash);
  return hash;
}

/** Calls that a search may make, so that many files do not become many calls. */
const MOST_PROBES = 12;

/**
 * Finds the files that the server does not take, by halves. `accepts` sends some of them alone. If it takes each group alone, or the search gets
 * too long, `rest` are the files that may be meant.
 */
export async function searchFiles(
  files: readonly FilePart[],
  accepts: (files: readonly FilePart[]) => Promise<boolean>,
): Promise<{ readonly bad: readonly FilePart[]; readonly rest: readonly FilePart[] }> {
  const bad: FilePart[] = [];
  const rest: FilePart[] = [];
  let probes = 0;
  // All of them together were refused.
  const groups: (readonly FilePart[])[] = halves(files);
  for (let group = groups.shift(); group; group = groups.shift()) {
    probes += 1;
    if (probes > MOST_PROBES) rest.push(...group);
    else if (!(await accepts(group))) {
      if (group.length === 1) bad.push(...group);
      else groups.push(...halves(group));
    }
  }
  return { bad, rest: bad.length + rest.length === 0 ? files : rest };
}

const halves = (files: readonly FilePart[]): (readonly FilePart[])[] => {
  const middle = Math.ceil(files.length / 2);
  return [files.slice(0, middle), files.slice(middle)].filter(({ length }) => length > 0);
};
