import { linkSignal } from "../../timers.ts";
import { BackendError, type BackendEvent, type TokenUsage } from "../backend.ts";
import { type FilePart, nameOf } from "../prompt-parts.ts";
import { hashOf, looksBroken, namedFile, searchFiles, suspectsOf } from "./bad-files.ts";
import type { Concession } from "./concession.ts";
import { readReply } from "../read-reply.ts";
import { bodyOn, type Dialect } from "./dialect.ts";
import { type Candidate, isRefusal, type Sent } from "./find-concession.ts";
import type { Said } from "./said.ts";

export interface FileSearch<Body extends object> {
  /** Files that the server may mean. */
  readonly suspects: readonly FilePart[];
  readonly dialect: Dialect<Body>;
  readonly signal: AbortSignal;
  /** Called for each call that the server accepted, and will bill. */
  readonly onProbe: (probe: Probe) => void;
}

/** A call that only finds out whether files are taken. */
export type Probe = Extract<BackendEvent, { type: "probed" }>;

/** Tokens of a reply to a request that only finds out whether a file is taken; the least that OpenAI allows. */
const PROBE_TOKENS = 16;

export const asConcession = (file: FilePart): Concession => ({
  kind: "file",
  hash: hashOf(file),
  name: nameOf(file),
});

/** The files to leave out: the one that the message names or that looks broken, else those that the server refuses on their own. */
export async function findBadFiles<Body extends object>(
  said: Said,
  sent: Sent,
  search: FileSearch<Body>,
): Promise<Candidate> {
  const { suspects } = search;
  const broken = suspects.filter(looksBroken);
  const obvious =
    namedFile(said, sent.body, suspects) ??
    (suspects.length === 1 ? suspects[0] : undefined) ??
    (broken.length === 1 ? broken[0] : undefined);
  if (obvious) return { concessions: [asConcession(obvious)], lasts: true };
  const { bad, rest } = await searchFiles(suspects, (files) => isTaken(files, sent, search));
  // Files that nobody is sure about are left out this once.
  return bad.length > 0
    ? { concessions: bad.map(asConcession), lasts: true }
    : { concessions: rest.map(asConcession), lasts: false };
}

/** Sends the files alone, and hangs up as soon as the server has decided. */
async function isTaken<Body extends object>(
  files: readonly FilePart[],
  { request, terms }: Sent,
  { dialect, signal, onProbe }: FileSearch<Body>,
): Promise<boolean> {
  const question = { type: "text", text: "Reply with OK." } as const;
  const { replyFormat: _, ...rest } = request;
  const probe = {
    ...rest,
    system: [],
    messages: [{ role: "user" as const, parts: [...files, question] }],
    tools: [],
    toolChoice: "auto" as const,
    maxOutputTokens: PROBE_TOKENS,
  };
  const own = linkSignal(signal);
  try {
    const response = await dialect.post(bodyOn(terms, probe, dialect), own.signal, terms);
    const usage = await readStart(response, dialect);
    onProbe({ type: "probed", messages: probe.messages, usage, mostOutput: PROBE_TOKENS });
    return true;
  } catch (error) {
    signal.throwIfAborted();
    const { said } = error instanceof BackendError ? error : dialect.classify(error);
    return !said || !isRefusal(said) || suspectsOf(said, files).length === 0;
  } finally {
    own.end();
  }
}

/** Reads until the server has decided: before that, it may send signs of life and an error. Resolves to the usage so far. */
async function readStart<Body extends object>(
  response: Response,
  { reader, target }: Dialect<Body>,
): Promise<TokenUsage | null> {
  const { take, end } = reader();
  const reply = readReply(response, target);
  let usage: TokenUsage | null = null;
  for (let batch = await reply.next(); batch; batch = await reply.next()) {
    const events = batch.flatMap(take);
    for (const event of events) usage = usageIn(event) ?? usage;
    if (events.some(({ type }) => type !== "alive")) return usage;
  }
  for (const event of end()) usage = usageIn(event) ?? usage;
  return usage;
}

const usageIn = (event: BackendEvent): TokenUsage | null =>
  event.type === "alive" || event.type === "done" ? (event.usage ?? null) : null;
