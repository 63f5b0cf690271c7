import { MessageFlags, Routes } from "discord.js";
import { z } from "zod";
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
import { renderFinal } from "../render/render-final.ts";
import { renderStatus } from "../render/render-status.ts";
import { placeOf, postedAt, timeOf } from "../ids.ts";
import { findPosted, turnBegan, nonceOf } from "./idempotency.ts";
import { noteBodies, whisper } from "./notes.ts";
import type { Typing } from "./typing.ts";

export interface PostOptions {
  /** Goes ahead of all else. */
  readonly finals: Api;
  /** Goes ahead of all but answers: for the last edit of a status, which is worth waiting for. */
  readonly closing: Api;
  /** Waits for its turn. */
  readonly usual: Api;
  /** Rejects on them. */
  readonly progress: Api;
  readonly typing: Typing;
  /** Parley's own user. */
  readonly self: () => Promise<string>;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
}

/** Discord limits edits of messages that are older than an hour: by then a fresh status stands. */
const EDITABLE_MS = 50 * 60_000;
/** The delivery stops waiting for a call after 60 s; a post must not happen later. */
const LONGEST_CALL_MS = 45_000;
/** Clocks of servers differ. */
const SKEW_MS = 60_000;
/** Whose age is remembered: more than run at once. */
const MOST_STATUSES = 2_000;

const Posted = z.object({ id: z.string() });

export function createPosts(options: PostOptions): Pick<Platform, "post" | "edit" | "find"> {
  // When this process posted it, ms since the epoch: not every server's ids tell.
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
      const since = Math.max(oldest, turnBegan(mark.turn, now) - SKEW_MS);
      const search = { channel: thread, self: await options.self(), mark, since };
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
      Posted,
    ),
  );
  return id;
}

/** Links are not unfolded: they would bury the answer, and fetch what a model made up. */
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
      // Direct messages are read by one person anyway.
      return content.only && guild !== undefined
        ? noteBodies(await whisper(finals, content.only, bodies), mark)
        : bodies;
    }
  }
}

/** Only statuses are edited by the delivery; of the rest, their text. */
const editOf = (content: Outgoing) => ({
  ...(content.kind === "status"
    ? renderStatus(content.view)
    : { content: toDiscord(content.text) }),
  allowed_mentions: { parse: [] },
});

const filesOf = (content: Outgoing) =>
  content.kind === "final" && content.file
    ? { files: [{ name: content.file.name, data: new TextEncoder().encode(content.file.text) }] }
    : {};

/** The last edit is worth a try at any age; a fresh message for it is not. */
function checkAge(at: number | undefined, now: number): void {
  if (at !== undefined && now - at > EDITABLE_MS)
    throw new PlatformError("gone", "The status is too old to be edited any longer.");
}

/** A message that takes no more edits is of no use as a status; what is no id was never a message. */
function asGone(error: unknown, id: string): unknown {
  const code = codeOf(error);
  const isGone = code === CODES.oldEdits || (code === CODES.invalid && timeOf(id) === undefined);
  if (!isGone || !(error instanceof PlatformError)) return error;
  return new PlatformError("gone", error.message, { cause: error });
}

/** Nothing can be edited in an archived thread; opening it again takes no more than posting does. */
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
