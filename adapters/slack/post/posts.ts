import { z } from "zod";
import { createUntilInstalled } from "../../../src/adapter-kit/until-installed.ts";
import {
  type DeliveryMark,
  type Outgoing,
  type Platform,
  PlatformError,
} from "../../../src/platform.ts";
import type { Client } from "../api/clients.ts";
import { isRevoked, slackCodeOf } from "../api/errors.ts";
import type { SlackPlace } from "../place.ts";
import type { SlackText } from "../render/blocks.ts";
import { render } from "../render/render.ts";
import type { Sent } from "../wire/answers.ts";
import { SlackMessage } from "../wire/message.ts";
import { NotInstalledError, type Workspace } from "../workspaces.ts";
import { type AnswerStreams, createAnswerStreams } from "./answer-streams.ts";
import { createEditor, createOpener, formsOf, type PostPorts, UNKNOWN_ID } from "./edits.ts";
import { findMark, metadataOf } from "./own-messages.ts";
import { refuseFor } from "./post-limits.ts";
import { createAnswerFiles, listenerOf, send, tellPrivately } from "./send.ts";

/** Posts, edits and finds messages. All reject with a `PlatformError`. */
export function createPosts(ports: PostPorts): Pick<Platform, "post" | "edit" | "find"> {
  const isRemoved = (error: unknown) => error instanceof NotInstalledError || isRevoked(error);
  return createUntilInstalled(createInstalledPosts(ports), { clock: ports.clock, isRemoved });
}

function createInstalledPosts(options: PostPorts): Pick<Platform, "post" | "edit" | "find"> {
  const ports = { ...options, streams: createAnswerStreams(options.clock) };
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
      const sent = await limiter.call(
        async () =>
          (await streamed(ports, client, place, content)) ??
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

/** A solo answer in a direct message is written where people see it: the status becomes the answer. undefined: it is a message as others. */
async function streamed(
  { streams }: { readonly streams: AnswerStreams },
  client: Client,
  place: SlackPlace,
  content: Outgoing,
): Promise<Sent | undefined> {
  const ts =
    content.kind === "status"
      ? await streams.begin(client, place, content.view)
      : content.kind === "final"
        ? await streams.finish(client, place, content)
        : undefined;
  return ts === undefined ? undefined : { ts, isReply: true };
}

function createFinder(ports: PostPorts) {
  const open = createOpener(ports);
  const find: Platform["find"] = async (conversation, mark) => {
    const { place, reading, workspace } = await open(conversation);
    const id = await findMark({ ...ports, place, client: reading, workspace }, mark);
    if (id === undefined) return undefined;
    ports.posted.add({ ...place, ts: id }, { conversation, mark });
    return { conversation, id };
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
