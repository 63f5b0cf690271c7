import { z } from "zod";
import { createBoundedMap } from "../../../src/bounded-map.ts";
import type { Clock } from "../../../src/clock.ts";
import { revealLinks } from "../../../src/links/reveal-links.ts";
import type { TurnId } from "../../../src/ids.ts";
import { type Outgoing, PlatformError } from "../../../src/platform.ts";
import { hasEnded, type StatusView } from "../../../src/progress/status-view.ts";
import type { Client } from "../api/clients.ts";
import { slackCodeOf } from "../api/errors.ts";
import { checkMessage } from "../payload/check-payload.ts";
import type { SlackPlace } from "../place.ts";
import { withoutPings } from "../render/escape.ts";
import { ending } from "../render/render.ts";
import { Posted } from "../wire/answers.ts";
import { metadataOf } from "./own-messages.ts";

type Final = Extract<Outgoing, { kind: "final" }>;

/** A message that Slack shows while its text grows. */
interface Stream {
  readonly ts: string;
  /** What was appended, in Markdown. */
  sent: string;
  isOpen: boolean;
}

/** Answers of one agent, as they are written. Only for direct messages: elsewhere, others would see the beginning alone. */
export interface AnswerStreams {
  /** Begins one; undefined: not there, or Slack takes none. */
  begin(client: Client, place: SlackPlace, view: StatusView): Promise<string | undefined>;
  /** Appends what is new; false: it is no open stream, so an edit shows the view. */
  grow(client: Client, place: SlackPlace, id: string, view: StatusView): Promise<boolean>;
  /** Turns it into the answer with footer and buttons; undefined: the answer is a message of its own. */
  finish(client: Client, place: SlackPlace, final: Final): Promise<string | undefined>;
}

const MOST_STREAMS = 1_000;
const DAY_MS = 24 * 3_600_000;
/** Slack takes 12,000 characters at once. */
const LONGEST_PIECE = 11_000;

export function createAnswerStreams({ now }: Pick<Clock, "now">): AnswerStreams {
  const byTurn = createBoundedMap<TurnId, Stream>(MOST_STREAMS);
  const byMessage = createBoundedMap<string, Stream>(MOST_STREAMS);
  /** Workspaces whose Slack takes no streams, and until when. */
  const refused = createBoundedMap<string, number>(MOST_STREAMS);

  return {
    async begin(client, place, view) {
      const isHere = view.isSolo && !hasEnded(view) && place.channel.startsWith("D");
      if (!isHere || (refused.get(place.team) ?? -Infinity) > now()) return undefined;
      const where = { channel: place.channel, thread_ts: place.thread };
      try {
        const { ts } = await client.call("chat.startStream", where, Posted);
        const stream: Stream = { ts, sent: "", isOpen: true };
        byTurn.set(view.turn, stream);
        byMessage.set(ts, stream);
        return ts;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        refused.set(place.team, now() + DAY_MS);
        return undefined;
      }
    },
    async grow(client, { channel }, id, view) {
      const stream = byMessage.get(id);
      if (!stream?.isOpen) return false;
      const whole = hasEnded(view) ? undefined : settledText(shownText(view.preview));
      // Nothing new, or the answer is on its way: it goes on from here.
      if (whole === "") return true;
      return whole?.startsWith(stream.sent)
        ? append(client, channel, stream, whole.slice(stream.sent.length))
        : close(client, channel, stream);
    },
    async finish(client, { channel }, final) {
      const stream = byTurn.get(final.view.turn);
      const rest = stream?.isOpen ? restOf(stream, final) : undefined;
      return stream && rest && end(client, channel, stream, rest);
    },
  };
}

/** Resolves to whether the stream goes on. */
async function append(
  client: Client,
  channel: string,
  stream: Stream,
  more: string,
): Promise<boolean> {
  const piece = more.slice(0, LONGEST_PIECE);
  if (piece === "") return true;
  const args = { channel, ts: stream.ts, markdown_text: piece };
  try {
    await client.call("chat.appendStream", args, z.unknown());
    stream.sent += piece;
    return true;
  } catch (error) {
    if (error instanceof PlatformError && error.outcome === "rate_limited") throw error;
    // Closed by Slack, or it is unsure what was appended: an edit says what is so.
    stream.isOpen = false;
    return false;
  }
}

/** Resolves to false: the stream does not go on. */
async function close(client: Client, channel: string, stream: Stream): Promise<false> {
  stream.isOpen = false;
  await client
    .call("chat.stopStream", { channel, ts: stream.ts }, z.unknown())
    .catch((error: unknown) => {
      // Slack closed it by itself.
      if (slackCodeOf(error) !== NOT_OPEN) throw error;
    });
  return false;
}

interface Rest {
  readonly markdown_text?: string;
  readonly blocks: readonly object[];
  readonly metadata: object;
}

/** What makes a stream the answer; undefined: it cannot become that. */
function restOf({ sent }: Stream, final: Final): Rest | undefined {
  const text = shownText(final.text);
  if (final.chunks > 1 || final.file || !text.startsWith(sent)) return undefined;
  const rest = text.slice(sent.length);
  const blocks = ending(final);
  const isTooMuch = rest.length > LONGEST_PIECE || checkMessage({ text, blocks }).length > 0;
  if (isTooMuch) return undefined;
  const mark = { turn: final.view.turn, kind: "final", chunk: 0 } as const;
  return { ...(rest !== "" && { markdown_text: rest }), blocks, metadata: metadataOf(mark) };
}

/** Resolves to the id of the answer; undefined: it has to go out as a message of its own. */
async function end(
  client: Client,
  channel: string,
  stream: Stream,
  rest: Rest,
): Promise<string | undefined> {
  stream.isOpen = false;
  try {
    await client.call("chat.stopStream", { channel, ts: stream.ts, ...rest }, z.unknown());
    return stream.ts;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return undefined;
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof PlatformError && error.outcome === "rejected";

const NOT_OPEN = "message_not_in_streaming_state";

/** As it is posted: it notifies nobody, and links say where they lead. */
const shownText = (markdown: string): string =>
  withoutPings(revealLinks(markdown.replace(/\r\n?/g, "\n")));

/** What no later text changes: whole words, and nothing of a link or a mention that is being written. */
function settledText(text: string): string {
  const at = text.lastIndexOf("\n") + 1;
  const line = text.slice(at);
  const unsure = line.search(/[[<@&]/);
  const words = unsure < 0 ? line : line.slice(0, unsure);
  return text.slice(0, at) + words.slice(0, words.lastIndexOf(" ") + 1);
}
