import type { MoveRequest, MoveResult } from "../coordination/move.ts";
import type { Reply } from "./ask.ts";
import { callAsText, callsInText } from "./ballot/calls-in-text.ts";
import { scoresOf } from "./ballot/read-scores.ts";
import { readScoreLines } from "./ballot/score-lines.ts";
import { type Claimed, splitClaim } from "./claim-line.ts";
import { type Call, type RawCall, readCall } from "./read-call.ts";
import type { CorrectionKind } from "./words.ts";

/** The result of a move, without its usage. */
export type Outcome = MoveResult extends infer R
  ? R extends { readonly usage: unknown }
    ? Omit<R, "usage">
    : never
  : never;

/** The outcome of a reply. `again`: the correction to try, unless it was tried before. */
export interface Verdict {
  readonly outcome: Outcome;
  readonly again?: CorrectionKind;
}

/** Reads a model's reply. The first valid call wins, even over text. */
export function readReply(move: MoveRequest, reply: Reply): Verdict {
  if (reply.finish === "refusal") return { outcome: refused(reply) };
  const labels = move.shown.map(({ label }) => label);
  const calls = readable(reply.calls, labels, move.chances);
  if (reply.text === "" && reply.calls.length === 0) {
    return { outcome: fail("incomplete", emptyMessage(reply)), again: "empty" };
  }
  const malformed = calls.length === 0 && reply.calls.length > 0;
  return move.kind === "review"
    ? readReview(move, reply, { calls, malformed })
    : readAnswer(move, reply, { calls, malformed });
}

interface Calls {
  readonly calls: readonly Call[];
  /** There were calls, but none was readable. */
  readonly malformed: boolean;
}

const readable = (
  calls: readonly RawCall[],
  labels: readonly string[],
  isChances = false,
): readonly Call[] =>
  calls.map((call) => readCall(call, labels, isChances)).filter((call) => call !== undefined);

function readAnswer(move: MoveRequest, reply: Reply, { calls, malformed }: Calls): Verdict {
  const written = callAsText(reply.text);
  const all = [...calls, ...readable(written ? [written] : [], [])];
  const handedIn = all.find((call) => call.tool === "new_answer" && call.content !== "");
  const isHandedIn = handedIn?.tool === "new_answer";
  const text = isHandedIn ? handedIn.content : reply.text;
  if (text !== "") {
    const claimed = claimedIn(move, text, isHandedIn ? handedIn.claim : "");
    return { outcome: { kind: "answered", ...claimed, scores: [], reason: "" } };
  }
  return malformed
    ? { outcome: fail("no_call", "its call could not be read"), again: cutOr(reply, "malformed") }
    : { outcome: fail("no_call", "it gave no answer"), again: "noAnswer" };
}

/** The answer without its claim line, where one is asked for. A claim in the call counts before one in the text. */
function claimedIn({ claims }: MoveRequest, answer: string, named: string): Claimed {
  if (claims !== true) return { text: answer };
  const claimed = splitClaim(answer);
  return named === "" ? claimed : { ...claimed, claim: named };
}

/** A call that the output limit broke off is made again, shorter. */
const cutOr = ({ finish }: Reply, kind: CorrectionKind): CorrectionKind =>
  finish === "length" ? "cutCall" : kind;

function readReview(move: MoveRequest, reply: Reply, { calls, malformed }: Calls): Verdict {
  const results = calls.map((call) => resultOf(call, reply.text, move));
  const valid = results.find((result) => result !== undefined) ?? readText(move, reply);
  if (valid) return { outcome: valid };
  if (malformed) {
    return { outcome: abstain("its call could not be read"), again: cutOr(reply, "malformed") };
  }
  const offered = calls.some((call) => call.tool === "new_answer" && call.content !== "");
  if (offered && !move.mayRevise) {
    return {
      outcome: abstain("it offered an answer where only a vote was open"),
      again: "voteOnly",
    };
  }
  return calls.length > 0
    ? { outcome: abstain("it scored none of the answers it was shown"), again: "unscored" }
    : { outcome: abstain("it made no call"), again: cutOr(reply, "noCall") };
}

/** A ballot in the text: JSON, or a line for each answer. */
function readText(move: MoveRequest, { text }: Reply): Outcome | undefined {
  const labels = move.shown.map(({ label }) => label);
  const written = readable(callsInText(text), labels, move.chances);
  const results = written.map((call) => resultOf(call, "", move));
  const found = results.find((result) => result !== undefined);
  if (found) return found;
  const scores = scoresOf(readScoreLines(text, labels), labels, {
    isChances: move.chances === true,
  });
  return scores.length === 0 ? undefined : { kind: "voted", scores, reason: reasonIn(text) };
}

const reasonIn = (text: string): string =>
  /^[ \t>*_#-]*(?:reason(?:ing)?|why|begründung|raison)\W{0,5}[:：]\W{0,5}(.+)$/im
    .exec(text)?.[1]
    ?.trim() ?? "";

/** Undefined if nothing in the call is usable. */
function resultOf(call: Call, text: string, move: MoveRequest): Outcome | undefined {
  const { judgement } = call;
  if (call.tool === "new_answer" && move.mayRevise) {
    // Some models put the answer next to the call.
    const content = call.content === "" ? text : call.content;
    if (content !== "") {
      return { kind: "answered", ...claimedIn(move, content, call.claim), ...judgement };
    }
  }
  return judgement.scores.length > 0 ? { kind: "voted", ...judgement } : undefined;
}

const abstain = (reason: string): Outcome => ({ kind: "abstained", reason });

const fail = (failure: "no_call" | "incomplete" | "refused", message: string): Outcome => ({
  kind: "failed",
  failure,
  message,
});

const emptyMessage = (reply: Reply): string =>
  reply.finish === "length"
    ? "it used up its output before it wrote anything"
    : "it returned nothing";

/** Says by whom, and never what it wrote: that is neither an answer nor a reason. */
const refused = ({ declinedBy }: Reply): Outcome => ({
  kind: "failed",
  failure: "refused",
  ...(declinedBy === "filter"
    ? { message: "the provider's content filter stopped it", reason: "declined_by_filter" }
    : { message: "the model declined", reason: "declined_by_model" }),
});
