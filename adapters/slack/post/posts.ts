import { z } from "zod";
import { createUntilInstalled } from "../../../src/adapter-kit/until-installed.ts";
import type { Clock } from "../../../src/clock.ts";
import type { ConversationId } from "../../../src/ids.ts";
import {
  type DeliveryMark,
  type Outgoing,
  type Platform,
  PlatformError,
} from "../../../src/platform.ts";
import { hasEnded, isToBeDeleted } from "../../../src/progress/status-view.ts";
import type { Client, Clients } from "../api/clients.ts";
import { isRevoked, slackCodeOf } from "../api/errors.ts";
import { placeOf, type SlackPlace } from "../place.ts";
import type { SlackText } from "../render/blocks.ts";
import { render, renderPlain } from "../render/render.ts";
import type { LiveThreads } from "../threads/live-threads.ts";
import { SlackMessage } from "../wire/message.ts";
import { NotInstalledError, type Workspace } from "../workspaces.ts";
import type { EditCapacity } from "./edit-capacity.ts";
import { findMark, metadataOf, type PostedMessages } from "./own-messages.ts";
import { type PostLimits, refuseFor } from "./post-limits.ts";
import type { BlockFallback, Forms } from "./block-fallback.ts";
import { createAnswerFiles, listenerOf, send, tellPrivately } from "./send.ts";

export interface PostPorts {
  readonly workspaceOf: (team: string) => Promise<Workspace>;
  readonly clients: (workspace: Workspace) => Clients;
  readonly posted: PostedMessages;
  readonly live: LiveThreads;
  readonly clock: Clock;
  readonly limits: PostLimits;
  readonly blocks: BlockFallback;
  /** A message was posted. */
  readonly onPosted: (conversation: ConversationId, mark: DeliveryMark) => void;
}

/** The id of a message that Slack posted without naming its `ts`: it cannot be edited. */
const UNKNOWN_ID = "nameless";

/** Posts, edits and finds messages. All reject with a `PlatformError`. */
export function createPosts(ports: PostPorts): Pick<Platform, "post" | "edit" | "find"> {
  const isRemoved = (error: unknown) => error instanceof NotInstalledError || isRevoked(error);
  return createUntilInstalled(createInstalledPosts(ports), { clock: ports.clock, isRemoved });
}

function createInstalledPosts(ports: PostPorts): Pick<Platform, "post" | "edit" | "find"> {
  const { limits } = ports;
  const shareFile = createAnswerFiles();
  const open = createOpener(ports);
  const { find, nameOf } = createFinder(ports);

  return {
    async post(conversation, content, mark) {
      const { place, workspace, progress, finals } = await open(conversation);
      const listener = listenerOf(conversation, content);
      const say = <T>(call: (message: SlackText) => Promise<T>) =>
        ports.blocks.send(place.team, formsOf(content), call);
      if (listener !== undefined)
        return { conversation, id: await tellPrivately(finals, { ...place, user: listener }, say) };
      const limiter = limits.postLimiter(place);
      const isStatus = content.kind === "status";
      const client = isStatus ? progress : finals;
      const edits = limits.editCapacity(place);
      if (isStatus) refuseFor(edits.askOpening());
      limiter.takeTurn(`${mark.turn} ${mark.kind} ${mark.chunk}`, !isStatus);
      if (content.kind === "final" && content.file)
        await shareFile(finals, place, mark, content.file);
      const where = { channel: place.channel, thread_ts: place.thread, metadata: metadataOf(mark) };
      const sent = await limiter.call(() =>
        say((message) => send(client, "chat.postMessage", message, where)),
      );
      if (!sent.isReply) await checkThread(finals, place, sent.ts);
      const id = sent.ts ?? (await nameOf(conversation, mark));
      if (isStatus && id !== UNKNOWN_ID) edits.opened(id);
      ports.posted.add({ ...place, ts: id }, { conversation, mark });
      const { text } = render(content);
      ports.live.saw(conversation, ownMessage({ id, place, workspace, mark }, text));
      ports.onPosted(conversation, mark);
      return { conversation, id };
    },
    edit: createEditor(ports),
    find,
  };
}

function createEditor(ports: PostPorts): Platform["edit"] {
  const open = createOpener(ports);
  return async ({ conversation, id }, content) => {
    if (id === UNKNOWN_ID) return;
    const { place, progress, finals } = await open(conversation);
    const where = { channel: place.channel, ts: id, ...metadataOfEdit(content) };
    const client = content.kind === "status" ? progress : finals;
    const edit = () =>
      ports.blocks.send(place.team, formsOf(content), (message) =>
        send(client, "chat.update", message, where),
      );
    if (content.kind !== "status") return void (await edit());
    const { view } = content;
    const change = isToBeDeleted(view) ? () => removeOr(client, where, edit) : edit;
    await editStatus(ports.limits.editCapacity(place), { id, isClosing: hasEnded(view) }, change);
  };
}

/** Deletes a status; edits it where Slack forbids that. One that is gone already is deleted. */
async function removeOr(
  client: Client,
  { channel, ts }: { readonly channel: string; readonly ts: string },
  edit: () => Promise<unknown>,
): Promise<void> {
  try {
    await client.call("chat.delete", { channel, ts }, z.unknown());
  } catch (error) {
    if (slackCodeOf(error) === "message_not_found") return;
    if (!(error instanceof PlatformError) || error.outcome !== "rejected") throw error;
    await edit();
  }
}

/** Edits a status within the rate limits. */
async function editStatus(
  capacity: EditCapacity,
  { id, isClosing }: { id: string; isClosing: boolean },
  edit: () => Promise<unknown>,
): Promise<void> {
  refuseFor(isClosing ? capacity.askClosing(id) : capacity.askProgress(id));
  try {
    await edit();
  } catch (error) {
    const isLimited = error instanceof PlatformError && error.outcome === "rate_limited";
    if (isLimited) capacity.pause((error.retryAfterMs ?? 0) + 500);
    else if (isClosing) capacity.closed(id);
    throw error;
  }
  if (isClosing) capacity.closed(id);
}

const createOpener = (ports: PostPorts) => async (conversation: ConversationId) => {
  const place = placeOf(conversation);
  const workspace = await ports.workspaceOf(place.team);
  return { place, workspace, ...ports.clients(workspace) };
};

function createFinder(ports: PostPorts) {
  const open = createOpener(ports);
  const find: Platform["find"] = async (conversation, mark) => {
    const { place, reading, workspace } = await open(conversation);
    const id = await findMark({ ...ports, place, client: reading, workspace }, mark);
    return id === undefined ? undefined : { conversation, id };
  };
  return {
    find,
    /** The id of a message that was posted for certain. */
    nameOf: (...posted: Parameters<typeof find>): Promise<string> =>
      find(...posted).then(
        (found) => found?.id ?? UNKNOWN_ID,
        () => UNKNOWN_ID,
      ),
  };
}

const formsOf = (content: Outgoing): Forms => ({
  render: (deny) => render(content, deny),
  plain: () => renderPlain(content),
});

/**
 * Slack posts a reply in the channel itself if the first message of its thread was deleted meanwhile: removes such a message. Rejects with a
 * `PlatformError` then.
 */
async function checkThread(
  client: Client,
  { channel, thread }: SlackPlace,
  ts: string | undefined,
): Promise<void> {
  // Some servers leave out what Slack says of a message.
  const args = { channel, ts: thread, limit: 1 };
  const error = await client.call("conversations.replies", args, z.unknown()).then(
    () => undefined,
    (problem: unknown) => problem,
  );
  if (slackCodeOf(error) !== "thread_not_found") return;
  if (ts !== undefined) await client.call("chat.delete", { channel, ts }, z.unknown());
  throw new PlatformError("gone", "The first message of the thread was deleted.", { cause: error });
}

/** Slack may drop metadata that an edit does not repeat. */
function metadataOfEdit(content: Outgoing) {
  if (content.kind === "note") return {};
  const { kind, view } = content;
  const chunk = content.kind === "final" ? content.chunk : 0;
  return { metadata: metadataOf({ turn: view.turn, kind, chunk }) };
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
