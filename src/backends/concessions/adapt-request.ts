import type { BackendRequest, Part, PromptMessage } from "../backend.ts";
import { type PdfText, readPdf } from "../../pdf/read-pdf.ts";
import {
  enclosedFile,
  type FilePart,
  fileNote,
  isDocument,
  isImage,
  isPdf,
  nameOf,
} from "../prompt-parts.ts";
import { hashOf } from "./bad-files.ts";
import { type Concession, keyOf, without } from "./concession.ts";
import { emulateTools } from "./emulated-tools.ts";
import type { Terms } from "./terms.ts";

/** A request on a server's terms. */
export interface AdaptedRequest {
  readonly request: BackendRequest;
  readonly leftOut: readonly LeftOutFile[];
}

/** A file that is not sent. */
export interface LeftOutFile {
  readonly file: string;
  readonly why: string;
  /** The key of the concession behind it. */
  readonly because: string;
}

/** Replaces what the server does not take: files by their text or a note, the system prompt by a message, tools by a request for JSON. */
export async function adaptRequest(request: BackendRequest, terms: Terms): Promise<AdaptedRequest> {
  const { messages, leftOut } = await adaptFiles(request.messages, terms);
  const limit = Math.min(request.maxOutputTokens ?? Infinity, terms.most("output"));
  const limited = {
    ...request,
    messages,
    ...(limit < Infinity && { maxOutputTokens: limit }),
  };
  const plain = terms.takes("tools") ? limited : emulateTools(limited);
  const open = terms.takes("system") ? plain : systemAsMessage(plain);
  return { request: terms.takes("role_runs") ? open : joinRuns(open), leftOut };
}

function systemAsMessage(request: BackendRequest): BackendRequest {
  const text = request.system.filter((section) => section.trim() !== "").join("\n\n");
  if (text === "") return request;
  const part: Part = { type: "text", text };
  const [first, ...rest] = request.messages;
  const messages: readonly PromptMessage[] =
    first?.role === "user"
      ? [{ ...first, parts: [part, ...first.parts] }, ...rest]
      : [{ role: "user", parts: [part] }, ...request.messages];
  return { ...request, system: [], messages };
}

function joinRuns(request: BackendRequest): BackendRequest {
  const joined: PromptMessage[] = [];
  for (const message of request.messages) {
    const last = joined.at(-1);
    if (last?.role === message.role) {
      joined[joined.length - 1] = { ...last, ...message, parts: [...last.parts, ...message.parts] };
    } else joined.push(message);
  }
  return { ...request, messages: joined };
}

interface FileStep {
  readonly messages: readonly PromptMessage[];
  readonly leftOut: readonly LeftOutFile[];
}

async function adaptFiles(messages: readonly PromptMessage[], terms: Terms): Promise<FileStep> {
  const dropped = droppedFiles(messages.flatMap(filesOf), terms);
  if (dropped.size === 0) return { messages, leftOut: [] };
  const steps = [...dropped].map(async ([file, objection]) => {
    const { part, why } = await replace(file, objection.why);
    const leftOut = { file: nameOf(file), why, because: keyOf(objection.concession) };
    return [file, { part, leftOut }] as const;
  });
  const replaced = new Map<Part, { readonly part: Part; readonly leftOut: LeftOutFile }>(
    await Promise.all(steps),
  );
  return {
    messages: messages.map((message) => ({
      ...message,
      parts: message.parts.map((part) => replaced.get(part)?.part ?? part),
    })),
    leftOut: [...replaced.values()].map(({ leftOut }) => leftOut),
  };
}

export const filesOf = ({ parts }: PromptMessage): readonly FilePart[] =>
  parts.filter((part) => part.type === "file");

/** Why a file is not sent. */
interface Objection {
  readonly concession: Concession;
  readonly why: string;
}

/** The files that the server does not take. */
function droppedFiles(files: readonly FilePart[], terms: Terms): ReadonlyMap<FilePart, Objection> {
  const dropped: [FilePart, Objection][] = [];
  const left = { images: terms.most("images"), documents: terms.most("documents") };
  // The newest files count first.
  for (const file of files.toReversed()) {
    const kind = kindOf(file);
    const objection = badFile(file, terms) ?? (kind && refusedKind(kind, left[kind], terms));
    if (objection) dropped.push([file, objection]);
    else if (kind) left[kind] -= 1;
  }
  return new Map(dropped.toReversed());
}

type Kind = "images" | "documents";

function kindOf(file: FilePart): Kind | null {
  if (isImage(file)) return "images";
  return isDocument(file) ? "documents" : null;
}

function badFile(file: FilePart, terms: Terms): Objection | null {
  const hash = terms.knowsFiles ? hashOf(file) : "";
  if (hash === "" || terms.takesFile(hash)) return null;
  return {
    concession: { kind: "file", hash, name: nameOf(file) },
    why: "its provider cannot read this file",
  };
}

function refusedKind(kind: Kind, left: number, terms: Terms): Objection | null {
  if (!terms.takes(kind)) {
    const why = kind === "images" ? "this model reads no images" : "this model reads no such files";
    return { concession: without(kind), why };
  }
  if (left > 0) return null;
  const number = terms.most(kind);
  const noun = kind === "images" ? "image" : "file";
  const why = `this model reads at most ${number} ${noun}${number === 1 ? "" : "s"} at once`;
  return { concession: { kind: "most", of: kind, number }, why };
}

interface Replacement {
  readonly part: Part;
  readonly why: string;
}

/** A PDF's text, or a note. */
async function replace(file: FilePart, why: string): Promise<Replacement> {
  const noted = (reason: string): Replacement => ({
    part: { type: "text", text: fileNote(file, reason) },
    why: reason,
  });
  if (!isPdf(file)) return noted(why);
  const pdf = await readPdf(file.data);
  return pdf.text === undefined ? noted(`${why}, and ${pdf.why}`) : asText(file, pdf);
}

/** UTF-16 units of a PDF's text per byte of the PDF: what the prompt's budget counted for it. */
const TEXT_PER_BYTE = 0.2;
const LEAST_TEXT = 24_000;

function asText(
  file: FilePart,
  { text, pages, read }: Extract<PdfText, { text: string }>,
): Replacement {
  const most = Math.max(LEAST_TEXT, Math.floor(file.data.length * TEXT_PER_BYTE));
  const shown = text.slice(0, most).toWellFormed();
  const isWhole = read === pages && shown.length === text.length;
  const what = isWhole ? "only its text was read" : "only the beginning of its text was read";
  const enclosed = file.enclose?.(shown) ?? enclosedFile(file, shown);
  const note = `[${nameOf(file)}: ${isWhole ? "its text" : "the beginning of its text"}, without pictures and layout.]`;
  return { part: { type: "text", text: `${note}\n${enclosed}` }, why: what };
}
