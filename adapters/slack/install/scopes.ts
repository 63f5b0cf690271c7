/** The bot scopes that Parley asks for, with their purpose. The manifest and the checks use this list. */
export const BOT_SCOPES = {
  "app_mentions:read": "hearing its name",
  "channels:history": "threads in public channels",
  "channels:read": "names of public channels",
  "chat:write": "answering",
  commands: "/parley and the message shortcut",
  "files:read": "files that people attach",
  "files:write": "long answers as answer.md",
  "groups:history": "threads in private channels",
  "groups:read": "names of private channels",
  "im:history": "direct messages",
  "im:read": "finding direct messages that were missed",
  "mpim:history": "group direct messages",
  "mpim:read": "finding group messages that were missed",
  "reactions:read": "🛑 and 🔁 on Parley's messages",
  "usergroups:read": "rights of user groups",
  "users:read": "names of people",
} as const;

/** The scopes for Slack's own typing status, which apps declared as agents have. */
const AGENT_SCOPES = ["assistant:write"] as const;

/** The scopes that the installation asks for. */
export const askedScopes = (isAgent: boolean): readonly string[] =>
  [...Object.keys(BOT_SCOPES), ...(isAgent ? AGENT_SCOPES : [])].toSorted();

const HEARING = [
  "app_mentions:read",
  "channels:history",
  "groups:history",
  "im:history",
  "mpim:history",
] as const;
const PAGE = "https://api.slack.com/apps → your app → OAuth & Permissions → Scopes";

/** What the granted scopes do not allow; each line names the scopes and the page to add them on. */
export interface ScopeReport {
  /** Scopes that Parley cannot start without. */
  readonly error: string | undefined;
  readonly warning: string | undefined;
}

export function checkScopes(granted: readonly string[]): ScopeReport {
  const has = new Set(granted);
  const isDeaf = HEARING.every((scope) => !has.has(scope));
  const vital = ["chat:write", ...(isDeaf ? HEARING : [])].filter((scope) => !has.has(scope));
  const lacking = Object.entries(BOT_SCOPES).filter(([scope]) => !has.has(scope));
  const lost = lacking.map(([scope, purpose]) => `${scope} (${purpose})`).join(", ");
  const mend = `add them under ${PAGE}, and reinstall the app.`;
  return {
    error: vital.length > 0 ? `The app lacks the scopes ${vital.join(", ")}: ${mend}` : undefined,
    warning: lost === "" ? undefined : `The app lacks the scopes ${lost}: ${mend}`,
  };
}
