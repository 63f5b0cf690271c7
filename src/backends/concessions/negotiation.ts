import type { BackendError } from "../backend.ts";
import { filesOf } from "./adapt-request.ts";
import { suspectsOf } from "./bad-files.ts";
import { type Concession, keyOf } from "./concession.ts";
import type { Dialect } from "./dialect.ts";
import { asConcession, findBadFiles, type Probe } from "./find-bad-files.ts";
import {
  type Candidate,
  findConcessions,
  guessConcessions,
  isRefusal,
  type Sent,
} from "./find-concession.ts";
import type { Ledger } from "./ledger.ts";
import type { Said } from "./said.ts";
import { type Terms, termsOf } from "./terms.ts";

/** What one call leaves out, step by step, until its server takes it. */
export interface Negotiation {
  readonly terms: () => Terms;
  /** Call with each request before it is sent. */
  readonly sent: (sent: Sent) => void;
  /** The server takes the request: what it did not take before is remembered. */
  readonly settle: () => void;
  /** Finds out what to leave out next. False: nothing that was sent explains the failure. */
  readonly concede: (failure: BackendError, signal: AbortSignal) => Promise<boolean>;
  /** The calls that found out about files since the last time. */
  readonly probes: () => readonly Probe[];
  /** Whether this call found this out. */
  readonly isNew: (key: string) => boolean;
}

/** More refusals in a row mean that something else is wrong. */
const MOST_STEPS = 10;

export function createNegotiation<Body extends object>(
  dialect: Dialect<Body>,
  ledger: Ledger,
): Negotiation {
  const given = createGiven(ledger);
  let last: { readonly sent: Sent; readonly version: number } | null = null;
  let wordsBefore: string | null = null;
  let steps = 0;
  const probes: Probe[] = [];

  async function next(said: Said, sent: Sent, signal: AbortSignal): Promise<Candidate | undefined> {
    const named = findConcessions(said, sent).find(given.isUntried);
    if (named) return named;
    const suspects = suspectsOf(said, sent.request.messages.flatMap(filesOf)).filter((file) =>
      given.isUntried({ concessions: [asConcession(file)] }),
    );
    return suspects.length > 0
      ? findBadFiles(said, sent, {
          suspects,
          dialect,
          signal,
          onProbe: (probe) => void probes.push(probe),
        })
      : guessConcessions(said, sent).find(given.isUntried);
  }

  return {
    terms: () => termsOf([...ledger.known(), ...given.concessions()]),
    sent: (sent) => void (last = { sent, version: ledger.version() }),
    settle: () => given.remember(),
    async concede({ said }, signal) {
      steps += 1;
      // A failure of another kind says nothing about the latest concession.
      if (!said || !last || !isRefusal(said)) return given.giveUp();
      // Another call has learned something since.
      if (ledger.version() !== last.version && steps <= MOST_STEPS) return true;
      const words = stable(said.words);
      if (words === wordsBefore) given.takeBack();
      wordsBefore = words;
      const candidate = steps > MOST_STEPS ? undefined : await next(said, last.sent, signal);
      return candidate ? given.give(candidate) : given.giveUp();
    },
    probes: () => probes.splice(0),
    isNew: given.has,
  };
}

/** What this call left out so far, the latest last. */
function createGiven(ledger: Ledger) {
  const given: Candidate[] = [];
  const tried = new Set<string>();
  const remember = (candidates: readonly Candidate[] = given): void => {
    for (const { concessions, lasts } of candidates) if (lasts) concessions.forEach(ledger.learn);
  };
  return {
    remember: () => remember(),
    concessions: () => given.flatMap(({ concessions }) => concessions),
    isUntried: ({ concessions }: Pick<Candidate, "concessions">): boolean =>
      !tried.has(tryOf(concessions)),
    has: (key: string): boolean =>
      given.some(({ concessions }) => concessions.map(keyOf).includes(key)),
    give(candidate: Candidate): true {
      given.push(candidate);
      tried.add(tryOf(candidate.concessions));
      const files = candidate.concessions.filter(({ kind }) => kind === "file");
      for (const file of files) tried.add(tryOf([file]));
      return true;
    },
    /** The server said the same again: the latest concession changed nothing. */
    takeBack: () => void given.push(...given.splice(-1).filter(isCumulative)),
    /** Whatever came before the latest concession has satisfied the server. */
    giveUp(): false {
      remember(given.slice(0, -1));
      return false;
    },
  };
}

/** Another number is another try, and so is another combination. */
const tryOf = (concessions: readonly Concession[]): string =>
  concessions
    .map((one) => (one.kind === "most" ? `${keyOf(one)} ${one.number}` : keyOf(one)))
    .join(" ");

/** Numbers may have to become smaller still, and a second file may be bad too. */
const isCumulative = ({ concessions, lasts }: Candidate): boolean =>
  concessions.some(({ kind }) => kind === "most" || (kind === "file" && lasts));

/** Without ids, which differ from reply to reply. */
const stable = (words: string): string =>
  words.replace(/\b(?:req|request|chatcmpl|trace|id)[\w-]*["':=\s]*[\w-]{8,}|[0-9a-f-]{16,}/gi, "");
