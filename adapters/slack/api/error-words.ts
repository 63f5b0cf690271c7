const APPS = "https://api.slack.com/apps → your app";

/** What Slack says of a call that it refused. */
interface Refusal {
  readonly error?: unknown;
  readonly needed?: unknown;
  readonly provided?: unknown;
}

/** How the app came into a workspace: with the one bot token of the settings, or by OAuth. */
export type HowInstalled = "token" | "oauth";

const WORDS: Readonly<Record<string, string>> = {
  channel_not_found: "The channel does not exist, or Parley is not in it",
  is_archived: "The channel is archived",
  not_in_channel: "Parley is not in the channel: invite it with /invite",
};

/** Said by whichever tells of it first: a failed call, or one of the two events that Slack sends in any order. */
export const REMOVED = `The bot token was revoked or the app was removed from the workspace: reinstall it under ${APPS} → Install App, and set the new SLACK_BOT_TOKEN`;

const AGAIN = "somebody of the workspace can install the app again at /slack/install";
const NOT_ACCEPTED = "Slack does not accept the workspace's bot token";

/** What is wrong with a bot token. */
const TOKEN_WORDS: Readonly<Record<HowInstalled, Readonly<Record<string, string>>>> = {
  token: {
    account_inactive: REMOVED,
    invalid_auth: `Slack does not accept the bot token: copy SLACK_BOT_TOKEN again from ${APPS} → OAuth & Permissions`,
    not_allowed_token_type: `The token is of the wrong kind: SLACK_BOT_TOKEN starts with xoxb- and stands under ${APPS} → OAuth & Permissions`,
    not_authed: `No bot token was sent: set SLACK_BOT_TOKEN from ${APPS} → OAuth & Permissions`,
    token_expired: `The bot token has expired: copy SLACK_BOT_TOKEN again from ${APPS} → OAuth & Permissions`,
    token_revoked: REMOVED,
  },
  oauth: {
    account_inactive: `The app is no longer installed in the workspace: ${AGAIN}`,
    invalid_auth: `${NOT_ACCEPTED}: ${AGAIN}`,
    not_allowed_token_type: `${NOT_ACCEPTED}, which is of the wrong kind: ${AGAIN}`,
    not_authed: `No bot token was sent: ${AGAIN}`,
    token_expired: `The workspace's bot token has expired: ${AGAIN}`,
    token_revoked: `The workspace's bot token was revoked: ${AGAIN}`,
  },
};

/** One clear line: what failed, why, and where to mend it. */
export function formatSlackError(method: string, refusal: Refusal, how: HowInstalled): string {
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
