import type { Clock } from "../../../src/clock.ts";
import type { ConversationId } from "../../../src/ids.ts";
import { PlatformError } from "../../../src/platform.ts";
import type { DeliveryMark, Outgoing, Platform } from "../../../src/platform.ts";
import type { Budget } from "../api/budget.ts";
import { createBudgets } from "../api/budget.ts";
import type { Client, Clients } from "../api/clients.ts";
import { SlackMessage } from "../intake/slack-message.ts";
import { placeOf, type SlackPlace } from "../place.ts";
import type { LiveThreads } from "../threads/live-threads.ts";
import { readPages } from "../threads/thread-pages.ts";
import type { Workspace } from "../workspaces.ts";
import { markOf, metadataOf, sameMark } from "./mark.ts";
import type { PostedMessages } from "./posted-messages.ts";
import { render, type Rendering, type SlackText } from "./rendering.ts";
import { listenerOf, whisper } from "./whisper.ts";
import { send } from "./send.ts";
import { createAnswerFiles } from "./answer-files.ts";

export interface PostPorts {
  readonly workspaceOf: (team: string) => Promise<Workspace>;
  readonly clients: (workspace: Workspace) => Clients;
  readonly rendering: Rendering;
  readonly posted: PostedMessages;
  readonly live: LiveThreads;
  readonly clock: Clock;
  /** A message stands in its thread. */
  readonly onPosted: (conversation: ConversationId, mark: DeliveryMark) => void;
}

/**
 * Slack takes 50 edits a minute of a workspace (Tier 3), over all its threads; the rest is for what others do with the same token. Posts: one
 * a second in a channel, with short bursts; answers go before status messages.
 */
const EDITS = { perMinute: 40, burst: 6 };
const POSTS = { perMinute: 60, burst: 8 };

/** Parley's way into threads. All reject with a `PlatformError`. */
export function createPosts(ports: PostPorts): Pick<Platform, "post" | "edit" | "find"> {
  const { clients, clock, rendering } = ports;
  const edits = createBudgets({ ...EDITS, clock });
  const posts = createBudgets({ ...POSTS, clock });
  const shareFile = createAnswerFiles();
  const open = async (conversation: ConversationId) => {
    const place = placeOf(conversation);
    const workspace = await ports.workspaceOf(place.team);
    return { place, workspace, ...clients(workspace) };
  };

  return {
    async post(conversation, content, mark) {
      const { place, workspace, progress, finals } = await open(conversation);
      const listener = listenerOf(conversation, content);
      if (listener) return whisper(finals, conversation, listener, render(content, rendering));
      const budget = posts(`${place.team}:${place.channel}`);
      const isStatus = content.kind === "status";
      const client = isStatus ? progress : finals;
      takeTurn(budget, `${mark.turn} ${mark.kind} ${mark.chunk}`, !isStatus);
      const file = content.kind === "final" ? content.file : undefined;
      const loss = file && (await shareFile(finals, place, mark, file));
      const message = withLine(render(content, rendering), loss);
      const where = { channel: place.channel, thread_ts: place.thread, metadata: metadataOf(mark) };
      const id = await pausing(budget, () => send(client, "chat.postMessage", message, where));
      ports.posted.add({ ...place, ts: id }, { conversation, mark });
      ports.live.saw(conversation, ownMessage({ id, place, workspace, mark }, message.text));
      ports.onPosted(conversation, mark);
      return { conversation, id };
    },
    async edit({ conversation, id }, content) {
      const { place, progress, finals } = await open(conversation);
      const mark = markOfContent(content);
      const metadata = mark && { metadata: metadataOf(mark) };
      const where = { channel: place.channel, ts: id, ...metadata };
      const budget = edits(place.team);
      if (content.kind === "status") takeTurn(budget, id, isOver(content));
      const client = content.kind === "status" ? progress : finals;
      const message = render(content, rendering);
      await pausing(budget, () => send(client, "chat.update", message, where));
    },
    async find(conversation, mark) {
      const { place, reading, workspace } = await open(conversation);
      const id = await findMark({ place, client: reading, workspace, clock }, mark);
      return id === undefined ? undefined : { conversation, id };
    },
  };
}

const withLine = ({ text, blocks }: SlackText, line: string | undefined): SlackText =>
  line === undefined
    ? { text, ...(blocks && { blocks }) }
    : {
        text: `${text}\n\n${line}`,
        blocks: [...(blocks ?? []), { type: "section", text: { type: "mrkdwn", text: line } }],
      };

/** Waiting is the delivery's: by then it has a newer view to show. */
function takeTurn(budget: Budget, key: string, urgent: boolean): void {
  const retryAfterMs = budget.ask(key, urgent);
  if (retryAfterMs === 0) return;
  const message = "Slack's limits leave no room for it now.";
  throw new PlatformError("rate_limited", message, { retryAfterMs });
}

/** What Slack refuses to one, it refuses to all: those who can wait do, and a little longer than those who cannot. */
async function pausing<T>(budget: Budget, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof PlatformError && error.outcome === "rate_limited") {
      budget.pause((error.retryAfterMs ?? 0) + 500);
    }
    throw error;
  }
}

const isOver = ({ view: { phase } }: Extract<Outgoing, { kind: "status" }>): boolean =>
  phase === "answered" || phase === "stopped" || phase === "failed";

/** An edit may take the metadata away that does not come with it. */
function markOfContent(content: Outgoing): DeliveryMark | undefined {
  if (content.kind === "note") return undefined;
  const { kind, view } = content;
  return { turn: view.turn, kind, chunk: content.kind === "final" ? content.chunk : 0 };
}

const ownMessage = (
  {
    id,
    place,
    workspace,
    mark,
  }: { id: string; place: SlackPlace; workspace: Workspace; mark: DeliveryMark },
  text: string,
): SlackMessage =>
  SlackMessage.parse({
    ts: id,
    thread_ts: place.thread,
    user: workspace.botUser,
    text,
    metadata: metadataOf(mark),
  });

/** The message with the mark; undefined only when the whole thread was seen. */
async function findMark(
  {
    place,
    client,
    workspace,
    clock,
  }: { place: SlackPlace; client: Client; workspace: Workspace; clock: Clock },
  mark: DeliveryMark,
): Promise<string | undefined> {
  const isIt = ({ user, bot_id: bot, metadata }: SlackMessage): boolean =>
    (user === workspace.botUser || bot !== undefined) && sameMark(markOf(metadata), mark);
  const { signal } = new AbortController();
  const { messages, limitedMs } = await readPages({ client, place, clock, signal, until: isIt });
  const found = messages.find(isIt);
  if (found) return found.ts;
  if (limitedMs === undefined) return undefined;
  const why = "Slack does not show the whole thread now.";
  throw new PlatformError("rate_limited", why, { retryAfterMs: limitedMs });
}
