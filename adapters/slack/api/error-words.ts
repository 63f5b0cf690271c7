const APPS = "https://api.slack.com/apps → your app";

/** What Slack says of a call that it refused. */
interface Refusal {
  readonly error?: unknown;
  readonly needed?: unknown;
  readonly provided?: unknown;
}

const WORDS: Readonly<Record<string, string>> = {
  account_inactive: `The app is no longer installed in the workspace: reinstall it under ${APPS} → Install App, and set the new SLACK_BOT_TOKEN`,
  channel_not_found: "The channel does not exist, or Parley is not in it",
  invalid_auth: `Slack does not accept the bot token: copy SLACK_BOT_TOKEN again from ${APPS} → OAuth & Permissions`,
  is_archived: "The channel is archived",
  not_allowed_token_type: `The token is of the wrong kind: SLACK_BOT_TOKEN starts with xoxb- and stands under ${APPS} → OAuth & Permissions`,
  not_authed: `No bot token was sent: set SLACK_BOT_TOKEN from ${APPS} → OAuth & Permissions`,
  not_in_channel: "Parley is not in the channel: invite it with /invite",
  token_expired: `The bot token has expired: copy SLACK_BOT_TOKEN again from ${APPS} → OAuth & Permissions`,
  token_revoked: `The bot token was revoked: reinstall the app under ${APPS} → Install App, and set the new SLACK_BOT_TOKEN`,
};

/** One clear line: what failed, why, and the page to mend it. */
export function formatSlackError(method: string, refusal: Refusal): string {
  const code = String(refusal.error).slice(0, 80);
  if (code === "missing_scope") return missingScope(method, refusal);
  const words = WORDS[code];
  return words ? `${words} (${method}: ${code}).` : `Slack refused ${method}: ${code}.`;
}

function missingScope(method: string, { needed, provided }: Refusal): string {
  const lacking = typeof needed === "string" && needed !== "" ? needed : `that ${method} needs`;
  const has = typeof provided === "string" ? ` It has: ${provided}.` : "";
  return `The app lacks the scope ${lacking}: add it under ${APPS} → OAuth & Permissions → Scopes, and reinstall the app (${method}: missing_scope).${has}`;
}
