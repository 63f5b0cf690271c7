import { MessageFlags, Routes } from "discord.js";
import { WithId } from "../wire/answers.ts";
import { createBoundedMap } from "../../../src/bounded-map.ts";
import {
  type DeliveryMark,
  type Outgoing,
  type Platform,
  PlatformError,
} from "../../../src/platform.ts";
import { hasEnded } from "../../../src/progress/status-view.ts";
import { type Api, NO_ANSWER } from "../api/api.ts";
import { codeOf, CODES } from "../api/errors.ts";
import { toDiscord } from "../render/markdown.ts";
import { filesOfFinal, renderFinal } from "../render/render-final.ts";
import { renderStatus } from "../render/render-status.ts";
import { placeOf, postedAt, snowflakeTime } from "../ids.ts";
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
  return {
    async post(conversation, content, mark) {
      const { guild, thread } = placeOf(conversation);
      const nonce = { nonce: nonceOf(conversation, mark), enforce_nonce: true };
      const [first, ...rest] = await bodiesOf(options, guild, { content, mark });
      const id = await send(options, thread, content, { ...first, ...nonce });
      for (const body of rest) await send(options, thread, content, body);
      followTyping(options.typing, thread, content);
      if (content.kind === "status") posted.set(id, options.wallClock());
      return { conversation, id };
    },

    async edit({ conversation, id }, content) {
      const { thread } = placeOf(conversation);
      const isRunning = content.kind === "status" && !hasEnded(content.view);
      const api = isRunning ? options.progress : options.closing;
      const route = Routes.channelMessage(thread, id);
      const body = editOf(content);
      const call = { method: "PATCH", route, what: "editing a message", body } as const;
      const now = options.wallClock();
      if (isRunning) checkAge(posted.get(id) ?? postedAt(id, now), now);
      followTyping(options.typing, thread, content);
      try {
        await inOpenThread(options.usual, thread, () =>
          api.call({ ...call, signal: AbortSignal.timeout(LONGEST_CALL_MS) }, NO_ANSWER),
        );
      } catch (error) {
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

async function send(
  { finals, usual }: PostOptions,
  thread: string,
  content: Outgoing,
  body: unknown,
): Promise<string> {
  const api = content.kind === "status" ? usual : finals;
  const route = Routes.channelMessages(thread);
  const call = { method: "POST", route, what: "posting a message", body } as const;
  const { id } = await inOpenThread(finals, thread, () =>
    api.call(
      { ...call, ...filesOf(content), signal: AbortSignal.timeout(LONGEST_CALL_MS) },
      WithId,
    ),
  );
  return id;
}

/** Link previews would bury the answer, and would fetch URLs that a model made up. */
const QUIET = { flags: MessageFlags.SuppressEmbeds, allowed_mentions: { parse: [] } };

async function bodiesOf(
  { finals }: PostOptions,
  guild: string | undefined,
  { content, mark }: { content: Outgoing; mark: DeliveryMark },
): Promise<readonly object[]> {
  switch (content.kind) {
    case "status":
      return [{ ...renderStatus(content.view), ...QUIET }];
    case "final":
      return [{ ...renderFinal(content, mark), ...QUIET }];
    case "note": {
      const bodies = await noteBodies(content, mark);
      // Direct messages are private anyway.
      return content.only && guild !== undefined
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
  if (files.length === 0) return {};
  return { files: files.map(({ name, text }) => ({ name, data: new TextEncoder().encode(text) })) };
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
