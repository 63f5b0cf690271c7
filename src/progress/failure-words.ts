import type { Failed } from "../coordination/failed.ts";
import type { FailureReason } from "../coordination/failure-reason.ts";
import type { FailureClass } from "../coordination/turn-event.ts";
import type { AgentState, TurnState } from "../coordination/turn-state.ts";
import { cleanLine } from "../text/clean-text.ts";
import { limitNotes } from "./limits-hit.ts";
import { formatMoment } from "./moments.ts";
import { typed } from "../text/spelling.ts";

const CLASSES: Readonly<Record<FailureClass, string>> = {
  rate_limit: "the provider's rate limit is reached",
  overloaded: "the provider is overloaded",
  auth: "the provider rejects the key",
  context: "the conversation is too long for this model",
  bad_request: "the provider rejects the request",
  timeout: "it took too long",
  network: "the connection to the provider failed",
  incomplete: "its answer broke off",
  refused: "it declined to answer",
  no_call: "it gave no usable reply",
  no_room: "it waited too long to be asked",
};

const REASONS: Readonly<Record<FailureReason, string>> = {
  key: "the provider rejects the key",
  key_missing: "its key is not set up",
  permission: "the provider denies access",
  credit: "the account at the provider is out of credit",
  quota: "the provider's quota is used up",
  region: "the provider does not serve this region",
  moderated: "the provider's content filter blocked the request",
  blocked: "a firewall blocks the provider",
  api_disabled: "the provider's API is not enabled for this account",
  model: "the provider does not know the model",
  address: "there is no model at the configured address",
  proxy: "a proxy blocks the way to the provider",
  tls: "the provider's certificate is not trusted",
  dns: "the provider's host name is unknown",
  unreachable: "the provider cannot be reached",
  empty: "the provider sent an empty reply",
  time_limit: "it took too long",
  room_wait: "it waited too long for a free call slot",
  rate_limit_wait: "it waited too long for the end of a rate limit",
  declined_by_model: "the model declined to answer",
  declined_by_filter: "the provider's content filter stopped its answer",
  program_missing: "its program is not installed",
  program_failed: "its program does not work",
  not_logged_in: "its program is not logged in",
};

/** Failures that pass, or that nobody can change: there is nothing for an admin to do. */
const NOTHING_TO_DO: ReadonlySet<FailureClass> = new Set([
  "rate_limit",
  "overloaded",
  "context",
  "timeout",
  "incomplete",
  "refused",
  "no_call",
  "no_room",
]);

const ASK_AN_ADMIN = `An admin can see details with ${typed("why")}.`;

/** A failure in a few words, without the provider's: "the provider rejects the key", "rate limit until 2026-11-30 15:20 UTC". */
export function failureWords({ failure, reason, until }: Omit<Failed, "message">): string {
  const words = reason === undefined ? CLASSES[failure] : REASONS[reason];
  if (until === undefined) return words;
  return failure === "rate_limit" && reason === undefined
    ? `rate limit until ${formatMoment(until)}`
    : `${words} until ${formatMoment(until)}`;
}

/** A failure for its reader: everything the provider said, or a few words if its message is hidden. */
export function formatFailure(failed: Failed): string {
  const message = cleanLine(failed.message).replace(/\.$/, "");
  if (message === "") return failureWords(failed);
  return failed.until === undefined ? message : `${message} (until ${formatMoment(failed.until)})`;
}

/** "GPT could not answer: the provider rejects the key.", or "GPT dropped out: …" if it had answered before. */
export const formatFailedAgent = (
  { name, hasAnswered }: Pick<AgentState, "name" | "hasAnswered">,
  failed: Failed,
): string =>
  `${name} ${hasAnswered ? "dropped out" : "could not answer"}: ${formatFailure(failed)}.`;

/** Tells members who can help, if something is hidden from them and can be helped. */
export const adviceFor = ({ agents }: Pick<TurnState, "agents">): readonly string[] =>
  agents.some(({ failed }) => failed?.message === "" && isFixable(failed)) ? [ASK_AN_ADMIN] : [];

const PASSING_REASONS: ReadonlySet<FailureReason> = new Set([
  "moderated",
  "time_limit",
  "room_wait",
  "rate_limit_wait",
  "empty",
  "declined_by_model",
  "declined_by_filter",
]);

const isFixable = ({ failure, reason }: Failed): boolean =>
  reason === undefined ? !NOTHING_TO_DO.has(failure) : !PASSING_REASONS.has(reason);

/** Explains why a turn has no answer: "GPT could not answer: …", "No agent could answer: Opus (…), GPT (…)." */
export const formatNoAnswer = (state: TurnState): string =>
  [...whoFailed(state), ...limitNotes(state), ...adviceFor(state)].join(" ");

function whoFailed({ agents, isTurnQueued }: TurnState): readonly string[] {
  if (isTurnQueued) return ["Nobody was asked, because other questions took every place."];
  const failed = agents.flatMap((agent) => (agent.failed ? [{ agent, failed: agent.failed }] : []));
  const [first, ...others] = failed;
  if (!first) return ["No agent gave an answer."];
  if (others.length === 0) return [formatFailedAgent(first.agent, first.failed)];
  const reasons = failed.map((one) => `${one.agent.name} (${formatFailure(one.failed)})`);
  return [`No agent could answer: ${reasons.join(", ")}.`];
}

/** Who stopped a turn whose question or thread was deleted. */
export const byDeletionOf = (what: "question" | "thread"): string => `deleted ${what}`;

const DELETED = /^(?:deleted|the deletion of the) (question|thread)$/;

/** Whether nobody but a deletion stopped it. Older journals say "the deletion of the question". */
export const isByDeletion = (by: string): boolean => DELETED.test(by);

/** "stopped by Ada", or "stopped because the question was deleted". */
export function formatStop(by: string): string {
  const deleted = DELETED.exec(by)?.[1];
  return deleted === undefined ? `stopped by ${by}` : `stopped because the ${deleted} was deleted`;
}

/** Whether a status's note says that the question or the thread was deleted. */
export const isOfDeletion = (note: string): boolean =>
  /^stopped because the (?:question|thread) was deleted/.test(note);

/** The start of untrusted text, on one line, cut to `length` UTF-16 code units. */
export function excerpt(text: string, length: number): string {
  const line = cleanLine(text);
  if (line.length <= length) return line;
  return `${line.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
