import { cleanLine } from "../text/clean-text.ts";
import type { FailureReason } from "../coordination/failure-reason.ts";
import { createRedactor } from "../text/redact.ts";
import { BackendError } from "./backend.ts";
import type { Said } from "./concessions/said.ts";
import { classify } from "./refusals/classify.ts";
import { readOverflow } from "./refusals/too-long.ts";
import { readNetworkError } from "./refusals/network-error.ts";
import type { ProviderReply } from "./refusals/uniform-error.ts";

/** The called provider, for error messages. */
export interface CallTarget {
  /** "Anthropic", "Gemini", … */
  readonly name: string;
  readonly model: string;
  readonly baseUrl: string;
  /** The variables that may hold the key: "ANTHROPIC_API_KEY"; undefined if only the team file can. */
  readonly keyVariables: string | undefined;
  /** How to provide a key, as a sentence, where it is not by a variable or `api_key`. */
  readonly keyAdvice?: string | undefined;
  /** Whether base URLs end in a version, as in https://api.openai.com/v1. */
  readonly addressNeedsVersion?: boolean | undefined;
  /** Values that must never be shown: the key, configured header values. */
  readonly secrets: readonly string[];
}

/** Converts an error reply to an error for operators: what happened and what to do, without secrets. */
export function refusedCall(reply: ProviderReply, target: CallTarget): BackendError {
  const { failure, reason, passing } = classify(reply);
  return new BackendError(failure, sentence(reason, reply, target), {
    retryAfterMs: reply.retryAfterMs,
    reason,
    passing,
    said: saidOf(reply, target),
    ...(failure === "context" && { overflow: readOverflow(reply.words) }),
  });
}

function saidOf(
  { status, words, body = "", param = null }: ProviderReply,
  target: CallTarget,
): Said {
  const redact = createRedactor(secretsOf(target));
  return { status, words: redact(`${words}\n${body}`.slice(0, LONGEST_WORDS)), param };
}

/** No key is configured. Thrown before any call. */
export const missingKeyError = (target: CallTarget): BackendError =>
  new BackendError("auth", `${target.name} needs a key. ${whereKeysGo(target)}`, {
    reason: "key_missing",
  });

/** The connection failed or broke. */
export function lostConnection(error: unknown, target: CallTarget): BackendError {
  const { failure, reason, passing, says, words } = readNetworkError(causes(error));
  const told = says === undefined ? clip(words, target) : `${says} (${clip(words, target)})`;
  return new BackendError(
    failure,
    `The connection to ${target.name} at ${place(target)} failed: ${told}`,
    { cause: redactedCause(error, target), reason, passing },
  );
}

/** The reply was truncated or invalid. */
export const incompleteReply = (target: CallTarget, what: string): BackendError =>
  new BackendError("incomplete", `${target.name} sent an incomplete reply: ${clip(what, target)}.`);

/** The reply has a status, and nothing in it. */
export const emptyBody = (target: CallTarget): BackendError =>
  new BackendError("incomplete", `${target.name} sent an empty reply.`, { reason: "empty" });

/** The error for a reply without text or calls that ended like this, a refusal being the provider's; null if nothing is wrong. */
export function emptyReply(finish: string, why: string, target: CallTarget): BackendError | null {
  if (finish === "length") return incompleteReply(target, `it stopped (${why}) before the answer`);
  if (finish !== "refusal") return null;
  return new BackendError("refused", `${target.name} refused to answer: ${clip(why, target)}`, {
    reason: "declined_by_filter",
  });
}

/** Other SDK errors: an unreadable reply, or a request that it did not send. */
export function brokenCall(error: unknown, target: CallTarget): BackendError {
  const words = error instanceof Error ? error.message : String(error);
  const unreadable = error instanceof SyntaxError || /JSON|chunk|no body/.test(words);
  const message = unreadable
    ? `${target.name} sent a reply that cannot be read: ${clip(words, target)}`
    : `${target.name} could not be asked: ${clip(words, target)}`;
  const failure = unreadable ? "incomplete" : "bad_request";
  return new BackendError(failure, message, { cause: redactedCause(error, target) });
}

/** Whether fetch failed because of the connection. */
export const isConnectionError = (error: unknown): boolean =>
  causes(error).some(
    (cause) =>
      (cause instanceof TypeError && /terminated|fetch failed|network/i.test(cause.message)) ||
      ("code" in cause && /^(?!ERR_)(E[A-Z_]+|UND_ERR_\w+)$/.test(String(cause.code))),
  );

function sentence(
  reason: FailureReason | undefined,
  { status, words }: ProviderReply,
  target: CallTarget,
): string {
  const said = `${clip(words, target)}${status === undefined ? "" : ` (HTTP ${status})`}`;
  const { name, model } = target;
  if (reason === "key") return `${name} refused the key: ${said}. ${whereKeysGo(target)}`;
  if (reason === "model") {
    return `${name} has no model "${model}" at ${place(target)}: ${said}. Check model and ${addressHint(target)}`;
  }
  if (reason === "address") {
    return `There is no model API at ${place(target)}: ${said}. Check ${addressHint(target)}`;
  }
  const advice = reason && ADVICE[reason];
  return advice === undefined ? `${name}: ${said}` : `${name}: ${said}. ${advice}`;
}

/** What an operator can do. */
const ADVICE: Readonly<Partial<Record<FailureReason, string>>> = {
  permission: "The key may not do this: check its project, role and models at the provider.",
  credit: "Add credit, or raise the spending limit, at the provider.",
  region: "Use a server in a region that the provider serves, or another provider.",
  blocked: "A firewall answered in place of the API: allow this server there, or check base_url.",
  api_disabled: "Enable the API for the key's project at the provider.",
  proxy: "Check the proxy that HTTPS_PROXY names.",
};

/** A wrong base URL usually lacks the version; an unknown path looks like an unknown model. */
const addressHint = ({ baseUrl, addressNeedsVersion }: CallTarget): string =>
  addressNeedsVersion === true && !/\/v\d[^/]*\/?$/.test(URL.parse(baseUrl)?.pathname ?? baseUrl)
    ? "base_url; does the base URL end in /v1?"
    : "base_url.";

const whereKeysGo = ({ keyVariables, keyAdvice }: CallTarget): string =>
  keyAdvice ??
  (keyVariables === undefined
    ? "Set api_key in the team file to a valid key."
    : `Set ${keyVariables}, or api_key in the team file, to a valid key.`);

/** Typical path segments of APIs. Any other segment may be a secret. */
const PATH_WORDS =
  /^(?:v\d\w{0,8}|api|client|accounts|ai|openai|anthropic|gemini|google|compatible-mode|inference|paas|chat|completions|responses|messages|models|engines|deployments|llm|proxy|gateway)?$/i;

/** The base URL without user name, password, query, and path segments that may be secret. */
function place({ baseUrl }: CallTarget): string {
  const url = URL.parse(baseUrl);
  if (!url) return "its base_url";
  const path = url.pathname.split("/").map((part) => (PATH_WORDS.test(part) ? part : "…"));
  return `${url.origin}${path.join("/").replace(/\/$/, "")}`;
}

/** A target's secrets: the listed ones, and everything in its base URL except the host. */
function secretsOf({ secrets, baseUrl, model }: CallTarget): readonly string[] {
  const url = URL.parse(baseUrl);
  if (!url) return secrets;
  const parts = url.pathname.split("/").filter((part) => !PATH_WORDS.test(part) && part !== model);
  const keys = [url.username, url.password, ...url.searchParams.values(), ...parts];
  return [...secrets, ...keys.filter((key) => /\d/.test(key) || key.length >= 12)];
}

/** Shortens long error pages and echoed requests. Redacts secrets first, so that the cut leaves no partial one. */
function clip(words: string, target: CallTarget): string {
  const redact = createRedactor(secretsOf(target));
  const line = cleanLine(redact(words.slice(0, LONGEST_WORDS))).replace(/\.$/, "");
  return line.length > 400 ? `${line.slice(0, 400).toWellFormed()}…` : line || "no reason given";
}

const LONGEST_WORDS = 20_000;

/** The cause, for the log. SDK errors themselves contain requests with headers. */
function redactedCause(error: unknown, target: CallTarget): Error {
  const redact = createRedactor(secretsOf(target));
  const [outer, ...inner] = causes(error).toReversed();
  const plain = (from: Error | undefined, cause?: Error): Error => {
    const copy = new Error(redact(from?.message ?? String(error)), cause && { cause });
    copy.name = from?.name ?? "Error";
    if (from?.stack) copy.stack = redact(from.stack);
    return from && "code" in from ? Object.assign(copy, { code: from.code }) : copy;
  };
  return inner.reduce((cause, from) => plain(from, cause), plain(outer));
}

function causes(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let at = error; at instanceof Error && chain.length < 6; at = at.cause) chain.push(at);
  return chain;
}
