import type { Part } from "../backends/backend.ts";
import type { Conversation } from "../conversation/message.ts";
import type { AttachedFile } from "../platform.ts";
import { bareMediaType, checkMediaType } from "../file-content.ts";
import { cutMiddle } from "./cut-middle.ts";
import { attribute, createFences, type Fences } from "./fence.ts";

/** An attached file in a prompt: its part, or the reason why it is missing. */
export type ShownFile =
  | { readonly part: Part; readonly why?: undefined }
  | { readonly part?: undefined; readonly why: string };

export type ShownFiles = ReadonlyMap<AttachedFile, ShownFile>;

const MB = 1_000_000;
/** The most recent files that a prompt shows: between half of this number and all of it. The first one moves in steps, for the prompt caches. */
const MOST_FILES = 20;
const MOST_BYTES = 20 * MB;
// Anthropic takes images up to 5 MB; all three providers take PDFs of 10 MB inline.
const MOST_IMAGE_BYTES = 5 * MB;
const MOST_PDF_BYTES = 10 * MB;
const MOST_TEXT_BYTES = 1 * MB;
/** Longer text files are cut in the middle. */
const MOST_TEXT_SHOWN = 100_000;

const IMAGES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const TEXTS =
  /^(?:text\/.*|application\/(?:.*\+)?(?:json|xml|yaml|x-yaml|toml|sql|javascript|typescript|x-sh|x-httpd-php|x-ndjson|graphql)|image\/svg\+xml|message\/rfc822)$/;
// The type that platforms report for unknown files; the bytes show the real one.
const UNKNOWN = new Set(["", "application/octet-stream", "binary/octet-stream"]);

const kindOf = (mediaType: string): "image" | "pdf" | "text" | undefined => {
  const type = bareMediaType(mediaType);
  if (IMAGES.has(type)) return "image";
  if (type === "application/pdf") return "pdf";
  return TEXTS.test(type) || UNKNOWN.has(type) ? "text" : undefined;
};

const mostBytes = { image: MOST_IMAGE_BYTES, pdf: MOST_PDF_BYTES, text: MOST_TEXT_BYTES };

/**
 * Loads the files that models can read, once for all agents and moves of a turn: the request's files first, then the newest ones within the
 * limits. Files that cannot be shown get a reason instead. Never rejects.
 */
export async function loadFiles(
  { history, request, fenceCode }: Conversation,
  signal: AbortSignal,
): Promise<ShownFiles> {
  const files = [...history, request].flatMap((message) => message.files);
  const chosen = choose(files, new Set(request.files));
  const fences = createFences(fenceCode);
  const shown = await Promise.all(
    files.map(async (file) => {
      const loaded = await load(file, chosen, signal);
      return [file, loaded instanceof Uint8Array ? read(file, loaded, fences) : loaded] as const;
    }),
  );
  return new Map(shown);
}

function choose(
  files: readonly AttachedFile[],
  request: ReadonlySet<AttachedFile>,
): ReadonlySet<AttachedFile> {
  const readable = files.filter((file) => refusal(file.mediaType, file.bytes) === undefined);
  const ofHistory = readable.filter((file) => !request.has(file)).length;
  const step = MOST_FILES / 2;
  const steps = Math.ceil(Math.max(0, readable.length - MOST_FILES) / step);
  const newestFirst = readable.slice(Math.min(steps * step, ofHistory)).toReversed();
  let room = MOST_BYTES;
  return new Set(newestFirst.slice(0, MOST_FILES).filter((file) => (room -= file.bytes) >= 0));
}

function refusal(mediaType: string, bytes: number): string | undefined {
  const kind = kindOf(mediaType);
  if (kind === undefined) return "files of this kind cannot be read here";
  return bytes > mostBytes[kind] ? "it is too large" : undefined;
}

/** The bytes, or the reason why they are missing. */
async function load(
  file: AttachedFile,
  chosen: ReadonlySet<AttachedFile>,
  signal: AbortSignal,
): Promise<Uint8Array | ShownFile> {
  const why = refusal(file.mediaType, file.bytes);
  if (why !== undefined) return { why };
  if (!chosen.has(file)) return { why: "only the newest files are shown" };
  try {
    return await file.load(signal);
  } catch {
    return { why: "it could not be loaded" };
  }
}

function read(file: AttachedFile, data: Uint8Array, { fence }: Fences): ShownFile {
  const tooLarge = refusal(file.mediaType, data.byteLength);
  if (tooLarge !== undefined) return { why: tooLarge };
  const mediaType = shownAs(file, data);
  if (mediaType === undefined) return { why: "its content is not of the kind it claims to be" };
  if (kindOf(mediaType) !== "text") {
    const enclose = (text: string) => fence("thread-file", text, attribute("name", file.name));
    return { part: { type: "file", name: file.name, mediaType, data, enclose } };
  }
  const text = decode(data);
  if (text === undefined) return { why: "files of this kind cannot be read here" };
  const shown = fence(
    "thread-file",
    cutMiddle(text, MOST_TEXT_SHOWN),
    attribute("name", file.name),
  );
  return { part: { type: "text", text: shown } };
}

/** Undefined if the bytes are not the image or PDF that the type claims. */
function shownAs(file: AttachedFile, data: Uint8Array): string | undefined {
  try {
    return checkMediaType(file.mediaType, data);
  } catch {
    return undefined;
  }
}

/** Undefined if the bytes are not text. */
function decode(data: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(data);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}
