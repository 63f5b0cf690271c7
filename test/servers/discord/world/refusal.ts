import { asJson, type Json } from "../wire/json.ts";

/** An answer that is an error, in Discord's words. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly code: number;
  readonly errors: Json | undefined;
  /** Milliseconds of the server's time; for 429. */
  readonly retryAfterMs: number | undefined;

  constructor(
    status: number,
    code: number,
    message: string,
    more: { errors?: Json; retryAfterMs?: number } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = more.errors;
    this.retryAfterMs = more.retryAfterMs;
  }
}

/** Discord's codes and sentences, https://docs.discord.com/developers/topics/opcodes-and-status-codes. */
const REFUSALS = {
  unknownChannel: [404, 10003, "Unknown Channel"],
  unknownGuild: [404, 10004, "Unknown Guild"],
  unknownMember: [404, 10007, "Unknown Member"],
  unknownMessage: [404, 10008, "Unknown Message"],
  unknownUser: [404, 10013, "Unknown User"],
  unknownEmoji: [400, 10014, "Unknown Emoji"],
  unknownWebhook: [404, 10015, "Unknown Webhook"],
  unknownInteraction: [404, 10062, "Unknown interaction"],
  unknownCommand: [404, 10063, "Unknown application command"],
  editsOfOldMessages: [
    429,
    30046,
    "Maximum number of edits to messages older than 1 hour reached {}",
  ],
  tooLarge: [413, 40005, "Request entity too large"],
  alreadyAcknowledged: [400, 40060, "Interaction has already been acknowledged."],
  tagRequired: [400, 40067, "A tag is required to create a forum post in this channel"],
  missingAccess: [403, 50001, "Missing Access"],
  notInDirectMessages: [400, 50003, "Cannot execute action on a DM channel"],
  notYours: [403, 50005, "Cannot edit a message authored by another user"],
  empty: [400, 50006, "Cannot send an empty message"],
  closedToDirectMessages: [403, 50007, "Cannot send messages to this user"],
  notText: [400, 50008, "Cannot send messages in a non-text channel"],
  missingPermissions: [403, 50013, "Missing Permissions"],
  systemMessage: [403, 50021, "Cannot execute action on a system message"],
  wrongChannelType: [400, 50024, "Cannot execute action on this channel type"],
  invalidToken: [401, 50027, "Invalid Webhook Token"],
  archived: [400, 50083, "Thread is archived"],
  noHistoryToReply: [400, 160002, "Cannot reply without permission to read message history"],
  hasThread: [400, 160004, "A thread has already been created for this message"],
  threadLocked: [400, 160005, "Thread is locked"],
  tooManyThreads: [400, 160006, "Maximum number of active threads reached"],
} as const;

export type RefusalName = keyof typeof REFUSALS;

export function refusal(name: RefusalName, more?: { retryAfterMs?: number }): Refusal {
  const [status, code, message] = REFUSALS[name];
  return new Refusal(status, code, message, more);
}

/** A mistake in one field of a form, such as `embeds.0.title`. */
export interface FormMistake {
  readonly path: readonly (string | number)[];
  readonly code: string;
  readonly message: string;
}

/** 50035 with the tree of what is wrong where. */
export function invalidForm(mistakes: readonly FormMistake[]): Refusal {
  const errors = mistakes.reduce<Json>((tree, mistake) => plant(tree, mistake.path, mistake), {});
  return new Refusal(400, 50035, "Invalid Form Body", { errors });
}

function plant(tree: Json, path: readonly (string | number)[], mistake: FormMistake): Json {
  const [key, ...rest] = path;
  if (key === undefined) {
    const before: readonly unknown[] = Array.isArray(tree["_errors"]) ? tree["_errors"] : [];
    return { ...tree, _errors: [...before, { code: mistake.code, message: mistake.message }] };
  }
  return { ...tree, [key]: plant(asJson(tree[key]), rest, mistake) };
}
