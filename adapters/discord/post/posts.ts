import { MessageFlags, Routes } from "discord.js";
import { WithId } from "../wire/answers.ts";
import { createBoundedMap } from "../../../src/bounded-map.ts";
import {
  type DeliveryMark,
  type Outgoing,
  type Platform,
  PlatformError,
} from "../../../src/platform.ts";
import { hasEnded, isToBeDeleted } from "../../../src/progress/status-view.ts";
import type { ConversationId } from "../../../src/ids.ts";
import { type Api, type Call, NO_ANSWER } from "../api/api.ts";
import { codeOf, CODES } from "../api/errors.ts";
import { toDiscord } from "../render/markdown.ts";
import { filesOfFinal, renderFinal } from "../render/render-final.ts";
import { renderStatus } from "../render/render-status.ts";
import { placeOf, postedAt, snowflakeTime } from "../ids.ts";
import type { Guilds } from "../guilds/guilds.ts";
import { type MessageBody, sendInForms, uploadFailure } from "./send-forms.ts";
import { findPosted, turnStart, nonceOf } from "./idempotency.ts";
import { noteBodies, sendPrivately } from "./notes.ts";
import type { Typing } from "./typing.ts";

export interface PostOptions {
  /** Has priority over everything. */
  readonly finals: Api;
  /** Has priority over everything but answers: for a status's last edit, which must arrive. */
  readonly closing: Api;
  /** Waits for rate limits. */
  readonly usual: Api;
  /** Rejects on rate limits. */
  readonly progress: Api;
  readonly typing: Typing;
  readonly guilds: Pick<Guilds, "permissionsIn">;
  /** Parley's own user id. */
  readonly ownId: () => Promise<string>;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
}

/** Discord limits edits of messages older than an hour: the delivery posts a new status before that. */
const EDITABLE_MS = 50 * 60_000;
/** Delivery gives up on a call after 60 s, so a post must not happen later. */
const LONGEST_CALL_MS = 45_000;
/** Clock skew between servers. */
const SKEW_MS = 60_000;
/** More than the turns that run at once. */
const MOST_STATUSES = 2_000;

export function createPosts(options: PostOptions): Pick<Platform, "post" | "edit" | "find"> {
  // When this process posted a status, ms since the epoch: not every server's ids tell.
  const posted = createBoundedMap<string, number>(MOST_STATUSES);
  const sendFirst = createSendFirst(options);
  return {
    async post(conversation, content, mark, signal) {
      const { thread } = placeOf(conversation);
      const [id, rest] = await sendFirst(conversation, content, mark, signal);
      for (const body of rest) await send(options, thread, { kind: content.kind, body });
      followTyping(options.typing, thread, content);
      if (content.kind === "status") posted.set(id, options.wallClock());
      return { conversation, id };
    },

    async edit({ conversation, id }, content) {
      const { thread } = placeOf(conversation);
      const isRunning = content.kind === "status" && !hasEnded(content.view);
      const api = isRunning ? options.progress : options.closing;
      const route = Routes.channelMessage(thread, id);
      const edit = { method: "PATCH", what: "editing a message", body: editOf(content) } as const;
      const isToGo = content.kind === "status" && isToBeDeleted(content.view);
      const change = isToGo ? ({ method: "DELETE", what: "deleting a message" } as const) : edit;
      const now = options.wallClock();
      if (isRunning) checkAge(posted.get(id) ?? postedAt(id, now), now);
      followTyping(options.typing, thread, content);
      try {
        await inOpenThread(options.usual, thread, () =>
          api.call({ ...change, route, signal: AbortSignal.timeout(LONGEST_CALL_MS) }, NO_ANSWER),
        );
      } catch (error) {
        // Somebody was faster.
        if (isToGo && codeOf(error) === CODES.unknownMessage) return;
        throw asGone(error, id);
      }
    },

    async find(conversation, mark) {
      const { thread } = placeOf(conversation);
      const now = options.wallClock();
      const oldest = mark.kind === "status" ? now - EDITABLE_MS : 0;
      const since = Math.max(oldest, turnStart(mark.turn, now) - SKEW_MS);
      const search = { channel: thread, self: await options.ownId(), mark, since };
      const found = await findPosted(options.usual, search);
      return found && { conversation, id: found.id };
    },
  };
}

/** Sends a message's first part, without its files if code cannot be attached. Resolves to its id and the other parts. */
function createSendFirst(options: PostOptions) {
  // Uploads that may have failed: the next try does without.
  const failed = createBoundedMap<string, true>(MOST_STATUSES);
  return async (
    conversation: ConversationId,
    content: Outgoing,
    mark: DeliveryMark,
    signal: AbortSignal | undefined,
  ): Promise<readonly [id: string, rest: readonly MessageBody[]]> => {
    const { guild, thread } = placeOf(conversation);
    const nonce = nonceOf(conversation, mark);
    const attempt = async (mayAttach: boolean) => {
      const [first, ...rest] = await bodiesOf(options, guild, { content, mark, mayAttach });
      const body = { ...first, nonce, enforce_nonce: true };
      const files = mayAttach ? filesOf(content) : undefined;
      const { kind } = content;
      return [await send(options, thread, { kind, body, files, signal }), rest] as const;
    };
    if (content.kind !== "final" || content.file) return attempt(true);
    try {
      return await attempt(!failed.get(nonce));
    } catch (error) {
      if (!(error instanceof PlatformError) || error.about !== "file") throw error;
      if (error.outcome === "rejected") return attempt(false);
      failed.set(nonce, true);
      throw new PlatformError(error.outcome, error.message, { cause: error });
    }
  };
}

interface Sending {
  readonly kind: Outgoing["kind"];
  readonly body: MessageBody;
  readonly files?: Call["files"] | undefined;
  /** Aborted when the message is not wanted any more. */
  readonly signal?: AbortSignal | undefined;
}

async function send(
  { finals, usual, guilds }: PostOptions,
  thread: string,
  { kind, body, files, signal: unwanted }: Sending,
): Promise<string> {
  const api = kind === "status" ? usual : finals;
  const route = Routes.channelMessages(thread);
  const call = { method: "POST", route, what: "posting a message" } as const;
  const post = (form: MessageBody) => {
    const late = AbortSignal.timeout(LONGEST_CALL_MS);
    const signal = unwanted ? AbortSignal.any([late, unwanted]) : late;
    return api.call({ ...call, body: form, ...(files && { files }), signal }, WithId);
  };
  try {
    const { id } = await inOpenThread(finals, thread, () =>
      files ? post(body) : sendInForms(body, post),
    );
    return id;
  } catch (error) {
    throw files ? uploadFailure(error, guilds, thread) : error;
  }
}

/** Link previews would bury the answer, and would fetch URLs that a model made up. */
const QUIET = { flags: MessageFlags.SuppressEmbeds, allowed_mentions: { parse: [] } };

async function bodiesOf(
  { finals }: PostOptions,
  guild: string | undefined,
  about: { content: Outgoing; mark: DeliveryMark; mayAttach: boolean },
): Promise<readonly [MessageBody, ...MessageBody[]]> {
  const { content, mark, mayAttach } = about;
  switch (content.kind) {
    case "status":
      return [{ ...renderStatus(content.view), ...QUIET }];
    case "final":
      return [{ ...renderFinal(content, mark, mayAttach), ...QUIET }];
    case "note": {
      const bodies = await noteBodies(content, mark);
      // Direct messages are private anyway.
      return content.only && !content.mayBePublic && guild !== undefined
        ? noteBodies(await sendPrivately(finals, content.only, bodies), mark)
        : bodies;
    }
  }
}

/** Delivery edits statuses; of other messages only the text changes. */
const editOf = (content: Outgoing) => ({
  ...(content.kind === "status"
    ? renderStatus(content.view)
    : { content: toDiscord(content.text) }),
  allowed_mentions: { parse: [] },
});

function filesOf(content: Outgoing) {
  const files = content.kind === "final" ? filesOfFinal(content) : [];
  if (files.length === 0) return undefined;
  return files.map(({ name, text }) => ({ name, data: new TextEncoder().encode(text) }));
}

/** A running status that is too old is replaced. A last edit is tried at any age instead. */
function checkAge(at: number | undefined, now: number): void {
  if (at !== undefined && now - at > EDITABLE_MS)
    throw new PlatformError("gone", "The status is too old to be edited any longer.");
}

/** A message that Discord refuses to edit counts as gone; so does an id that is invalid. */
function asGone(error: unknown, id: string): unknown {
  const code = codeOf(error);
  const isGone =
    code === CODES.oldEdits || (code === CODES.invalid && snowflakeTime(id) === undefined);
  if (!isGone || !(error instanceof PlatformError)) return error;
  return new PlatformError("gone", error.message, { cause: error });
}

/** Unarchives a thread and retries: nothing can be edited in an archived thread. */
async function inOpenThread<T>(api: Api, thread: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (codeOf(error) !== CODES.archived) throw error;
    const route = Routes.channel(thread);
    const open = { method: "PATCH", route, what: "opening an archived thread again" } as const;
    await api.call({ ...open, body: { archived: false } }, NO_ANSWER);
    return call();
  }
}

function followTyping(typing: Typing, thread: string, content: Outgoing): void {
  if (content.kind === "status" && !hasEnded(content.view)) typing.start(thread);
  else typing.stop(thread);
}
