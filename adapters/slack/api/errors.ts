import { webApi } from "@slack/bolt";
import { WHO_KNOWS } from "../../../src/commands/run/compose-reply.ts";
import { PlatformError } from "../../../src/platform.ts";

/** The call had no effect, and will work later. */
const LATER: ReadonlySet<string> = new Set([
  "ratelimited",
  "rate_limited",
  "service_unavailable",
  "request_timeout",
  "team_added_to_org",
]);
const GONE: ReadonlySet<string> = new Set([
  "cannot_reply_to_message",
  "channel_not_found",
  "is_archived",
  "message_not_found",
  "not_in_channel",
  "thread_not_found",
]);
/** Nothing else can be posted there either. */
const ABOUT_PLACE: ReadonlySet<string> = new Set([
  "ekm_access_denied",
  "message_limit_exceeded",
  "missing_scope",
  "no_permission",
  "org_login_required",
  "restricted_action",
  "restricted_action_non_threadable_channel",
  "restricted_action_read_only_channel",
  "restricted_action_thread_locked",
  "restricted_action_thread_only_channel",
  "team_access_not_granted",
]);
/** "It's possible some aspect of the operation succeeded before the error was raised", say the method pages. */
const PERHAPS: ReadonlySet<string> = new Set(["fatal_error", "internal_error"]);
/** No call of this installation will work again. */
const REVOKED: ReadonlySet<string> = new Set([
  "account_inactive",
  "invalid_auth",
  "not_authed",
  "token_expired",
  "token_revoked",
]);
/** Nothing was sent. */
const UNSENT: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "UND_ERR_CONNECT_TIMEOUT",
]);

const RETRY_MS = 2_000;

/** Slack's error code ("channel_not_found"); undefined: Slack did not answer with one. */
export const slackCodeOf = (error: unknown): string | undefined => {
  const cause = error instanceof PlatformError ? error.cause : error;
  return cause instanceof webApi.WebAPIPlatformError ? String(cause.data.error) : undefined;
};

export const isRevoked = (error: unknown): boolean => REVOKED.has(slackCodeOf(error) ?? "");

/** What a failed call means for its caller. */
export function toPlatformError(error: unknown, method: string, how?: HowInstalled): PlatformError {
  if (error instanceof PlatformError) return error;
  if (error instanceof webApi.WebAPIRateLimitedError) return later(error, method, error.retryAfter);
  if (error instanceof webApi.WebAPIPlatformError) return fromCode(error, method, how);
  if (error instanceof webApi.WebAPIHTTPError) {
    const outcome = error.statusCode >= 500 ? "unknown" : "rejected";
    const message = `Slack answered ${method} with HTTP ${error.statusCode}.`;
    return new PlatformError(outcome, message, { cause: error });
  }
  // A 429 whose Retry-After cannot be read.
  if (/Retry header/.test(messageOf(error))) return later(error, method, undefined);
  const code = networkCodeOf(error);
  if (code !== undefined && UNSENT.has(code)) {
    const message = `Slack cannot be reached (${code}).`;
    return new PlatformError("rate_limited", message, { cause: error, retryAfterMs: RETRY_MS });
  }
  const why = code ?? messageOf(error);
  return new PlatformError("unknown", `${method} got no answer (${why}).`, { cause: error });
}

function fromCode(
  error: webApi.WebAPIPlatformError,
  method: string,
  how: HowInstalled = "token",
): PlatformError {
  const code = String(error.data.error);
  if (LATER.has(code)) return later(error, method, error.data.response_metadata?.retryAfter);
  // An answer that is not JSON is in place of the code: the result of the call is unknown.
  const known = /^\w{1,80}$/.test(code) && !PERHAPS.has(code);
  const outcome = GONE.has(code) ? "gone" : known ? "rejected" : "unknown";
  const about = ABOUT_PLACE.has(code) ? "place" : "message";
  return new PlatformError(outcome, formatSlackError(method, error.data, how), {
    cause: error,
    about,
  });
}

const later = (cause: unknown, method: string, seconds: number | undefined): PlatformError =>
  new PlatformError("rate_limited", `Slack's rate limit for ${method} is reached.`, {
    cause,
    retryAfterMs: seconds === undefined ? RETRY_MS : Math.max(seconds * 1000, 250),
  });

/** The system's error code of a failed connection, from anywhere in the chain of causes. */
function networkCodeOf(error: unknown): string | undefined {
  for (let link = error; link instanceof Error; link = link.cause) {
    if ("code" in link && typeof link.code === "string" && !link.code.startsWith("slack_")) {
      return link.code;
    }
  }
  return undefined;
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

const APPS = "https://api.slack.com/apps → your app";

/** What Slack says of a call that it refused. */
interface Refusal {
  readonly error?: unknown;
  readonly needed?: unknown;
  readonly provided?: unknown;
}

/** How the app was installed: with the single bot token of the settings, or by OAuth. */
export type HowInstalled = "token" | "oauth";

const WORDS: Readonly<Record<string, string>> = {
  channel_not_found: "The channel does not exist, or Parley is not in it",
  is_archived: "The channel is archived",
  not_in_channel: "Parley is not in the channel: invite it with /invite",
  message_limit_exceeded: "The workspace has reached Slack's limit of messages",
  restricted_action: "A setting of the workspace forbids Parley to post there",
};

/** A refusal for the members of a channel, who cannot change the app's scopes or tokens. */
export function formatForMembers(error: PlatformError): string {
  const words = WORDS[slackCodeOf(error) ?? ""];
  return words === undefined ? `Slack refused it. ${WHO_KNOWS}` : `${words}.`;
}

/** A failed call or one of two events, in any order, brings this news first: all use the same text. */
export const REMOVED = `The bot token was revoked or the app was removed from the workspace: reinstall it under ${APPS} → Install App, and set the new SLACK_BOT_TOKEN`;

const AGAIN = "a member of the workspace can install the app again at /slack/install";
const NOT_ACCEPTED = "Slack does not accept the workspace's bot token";

/** Texts for problems with a bot token. */
const TOKEN_WORDS: Readonly<Record<HowInstalled, Readonly<Record<string, string>>>> = {
  token: {
    account_inactive: REMOVED,
    invalid_auth: `Slack does not accept the bot token: copy SLACK_BOT_TOKEN again from ${APPS} → OAuth & Permissions`,
    not_allowed_token_type: `The token has the wrong type: SLACK_BOT_TOKEN starts with xoxb-; copy it from ${APPS} → OAuth & Permissions`,
    not_authed: `No bot token was sent: set SLACK_BOT_TOKEN from ${APPS} → OAuth & Permissions`,
    token_expired: `The bot token has expired: copy SLACK_BOT_TOKEN again from ${APPS} → OAuth & Permissions`,
    token_revoked: REMOVED,
  },
  oauth: {
    account_inactive: `The app is no longer installed in the workspace: ${AGAIN}`,
    invalid_auth: `${NOT_ACCEPTED}: ${AGAIN}`,
    not_allowed_token_type: `${NOT_ACCEPTED}, which has the wrong type: ${AGAIN}`,
    not_authed: `No bot token was sent: ${AGAIN}`,
    token_expired: `The workspace's bot token has expired: ${AGAIN}`,
    token_revoked: `The workspace's bot token was revoked: ${AGAIN}`,
  },
};

/** One line: what failed, why, and where to fix it. */
function formatSlackError(method: string, refusal: Refusal, how: HowInstalled): string {
  const code = String(refusal.error).slice(0, 80);
  if (code === "missing_scope") return missingScope(method, refusal, how);
  const words = WORDS[code] ?? TOKEN_WORDS[how][code];
  return words ? `${words} (${method}: ${code}).` : `Slack refused ${method}: ${code}.`;
}

function missingScope(method: string, { needed, provided }: Refusal, how: HowInstalled): string {
  const lacking = typeof needed === "string" && needed !== "" ? needed : `that ${method} needs`;
  const has = typeof provided === "string" ? ` It has: ${provided}.` : "";
  const again =
    how === "token"
      ? "reinstall the app"
      : "have the workspace install the app again at /slack/install";
  return `The app lacks the scope ${lacking}: add it under ${APPS} → OAuth & Permissions → Scopes, and ${again} (${method}: missing_scope).${has}`;
}
