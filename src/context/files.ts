import type { Part } from "../backends/backend.ts";
import type { Conversation } from "../conversation/message.ts";
import type { AttachedFile } from "../platform.ts";
import { bareMediaType, checkMediaType } from "../file-content.ts";
import { cutMiddle } from "./cut-middle.ts";
import { attribute, createFences, type Fences } from "./fence.ts";

/** An attached file as a prompt has it: its part, or why it is not there. */
export type ShownFile =
  | { readonly part: Part; readonly why?: undefined }
  | { readonly part?: undefined; readonly why: string };

export type ShownFiles = ReadonlyMap<AttachedFile, ShownFile>;

const MB = 1_000_000;
/** Of the last files of a thread, between half of this and all of it are shown: the first one shown moves in steps, for the prompt caches. */
const MOST_FILES = 20;
const MOST_BYTES = 20 * MB;
// Anthropic takes images up to 5 MB; all three providers take PDFs of 10 MB inline.
const MOST_IMAGE_BYTES = 5 * MB;
const MOST_PDF_BYTES = 10 * MB;
const MOST_TEXT_BYTES = 1 * MB;
/** A longer text file is cut in the middle. */
const MOST_TEXT_SHOWN = 100_000;

const IMAGES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const TEXTS =
  /^(?:text\/.*|application\/(?:.*\+)?(?:json|xml|yaml|x-yaml|toml|sql|javascript|typescript|x-sh|x-httpd-php|x-ndjson|graphql)|image\/svg\+xml|message\/rfc822)$/;
// What platforms call a file whose kind they do not know; a look at its bytes tells.
const UNKNOWN = new Set(["", "application/octet-stream", "binary/octet-stream"]);

const kindOf = (mediaType: string): "image" | "pdf" | "text" | undefined => {
  const type = bareMediaType(mediaType);
  if (IMAGES.has(type)) return "image";
  if (type === "application/pdf") return "pdf";
  return TEXTS.test(type) || UNKNOWN.has(type) ? "text" : undefined;
};

const mostBytes = { image: MOST_IMAGE_BYTES, pdf: MOST_PDF_BYTES, text: MOST_TEXT_BYTES };

/**
 * Loads what the models can read of a thread's files, once for all agents and moves of a turn: the request's own first, then the newest
 * ones within the limits. A file that cannot be shown has the reason instead. Never rejects.
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

/** The bytes, or why there are none. */
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
    return { part: { type: "file", name: file.name, mediaType, data } };
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

/** Undefined: it claims to be an image or a PDF, and is none. */
function shownAs(file: AttachedFile, data: Uint8Array): string | undefined {
  try {
    return checkMediaType(file.mediaType, data);
  } catch {
    return undefined;
  }
}

/** Undefined: it is no text. */
function decode(data: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(data);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}
