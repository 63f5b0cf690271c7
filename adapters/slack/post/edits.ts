import { z } from "zod";
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
import { slackCodeOf } from "../api/errors.ts";
import { placeOf, type SlackPlace } from "../place.ts";
import { render, renderPlain } from "../render/render.ts";
import type { LiveThreads } from "../threads/live-threads.ts";
import type { Workspace } from "../workspaces.ts";
import type { AnswerStreams } from "./answer-streams.ts";
import type { BlockFallback, Forms } from "./block-fallback.ts";
import type { EditCapacity } from "./edit-capacity.ts";
import { findOwnMessage, metadataOf, type PostedMessages } from "./own-messages.ts";
import { type PostLimits, refuseFor } from "./post-limits.ts";
import { send } from "./send.ts";

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

interface EditPorts extends PostPorts {
  readonly streams: AnswerStreams;
}

/** The id of a message that Slack posted without naming its `ts`: it cannot be edited. */
export const UNKNOWN_ID = "nameless";

/** The place of a conversation, with the clients of its workspace. */
export const createOpener =
  (ports: Pick<PostPorts, "workspaceOf" | "clients">) => async (conversation: ConversationId) => {
    const place = placeOf(conversation);
    const workspace = await ports.workspaceOf(place.team);
    return { place, workspace, ...ports.clients(workspace) };
  };

export const formsOf = (content: Outgoing): Forms => ({
  render: (deny) => render(content, deny),
  plain: () => renderPlain(content),
});

/** Edits a status, which may be deleted, or be the answer by now. */
export function createEditor(ports: EditPorts): Platform["edit"] {
  const open = createOpener(ports);
  return async ({ conversation, id }, content) => {
    if (id === UNKNOWN_ID) return;
    const { place, progress, finals, reading, workspace } = await open(conversation);
    const where = { channel: place.channel, ts: id, ...metadataOfEdit(content) };
    const client = content.kind === "status" ? progress : finals;
    const edit = () =>
      ports.blocks.send(place.team, formsOf(content), (message) =>
        send(client, "chat.update", message, where),
      );
    if (content.kind !== "status") return void (await edit());
    const { view } = content;
    if (view.isSolo && (await isAnswer(ports, { place, workspace, reading, id }))) return;
    const shown = async () => {
      if (!(await ports.streams.grow(progress, place, id, view)))
        await (isToBeDeleted(view) ? removeOr(client, where, edit) : edit());
    };
    const change = () => afterStream(progress, where, shown);
    await editStatus(ports.limits.editCapacity(place), { id, isClosing: hasEnded(view) }, change);
  };
}

/** Whether what was the status is the answer by now, perhaps by another process. */
async function isAnswer(
  { posted }: EditPorts,
  {
    place: { channel },
    workspace,
    reading,
    id,
  }: { place: SlackPlace; workspace: Workspace; reading: Client; id: string },
): Promise<boolean> {
  if (!channel.startsWith("D")) return false;
  const own = await findOwnMessage({ posted, reading }, workspace, { channel, ts: id });
  return own?.mark.kind === "final";
}

/** Ends the stream that another process left open, which nothing can edit. */
async function afterStream(
  client: Client,
  { channel, ts }: { readonly channel: string; readonly ts: string },
  edit: () => Promise<void>,
): Promise<void> {
  try {
    await edit();
  } catch (error) {
    if (slackCodeOf(error) !== "streaming_state_conflict") throw error;
    await client.call("chat.stopStream", { channel, ts }, z.unknown());
    await edit();
  }
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

/** Slack may drop metadata that an edit does not repeat. */
function metadataOfEdit(content: Outgoing) {
  if (content.kind === "note") return {};
  const { kind, view } = content;
  const chunk = content.kind === "final" ? content.chunk : 0;
  return { metadata: metadataOf({ turn: view.turn, kind, chunk }) };
}
