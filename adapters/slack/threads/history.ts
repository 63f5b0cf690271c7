import type { Clock } from "../../../src/clock.ts";
import type { ConversationId } from "../../../src/ids.ts";
import type { ThreadHistory, ThreadMessage } from "../../../src/platform.ts";
import type { Clients } from "../api/clients.ts";
import { parseMessage } from "../intake/parse-event.ts";
import { isIgnoredAs, kindsOf } from "../people/asker.ts";
import { lookUp } from "../people/look-up.ts";
import { type Audience, originOfAuthor } from "../people/origin.ts";
import type { People } from "../people/people.ts";
import { placeOf, type SlackPlace } from "../place.ts";
import { isOwn, markOf } from "../post/own-messages.ts";
import type { SlackMessage } from "../wire/message.ts";
import type { Workspace } from "../workspaces.ts";
import type { FileHosts } from "./attached-files.ts";
import type { LiveThreads } from "./live-threads.ts";
import { readMessage } from "./read-message.ts";
import { readPages } from "./thread-pages.ts";

export interface HistoryPorts {
  readonly workspaceOf: (team: string) => Promise<Workspace>;
  readonly clients: (workspace: Workspace) => Clients;
  readonly people: People;
  readonly live: LiveThreads;
  readonly hosts: FileHosts;
  readonly clock: Clock;
  readonly audience: Audience;
}

/** How long names may take, ms: a thread with ids is better than a late one. */
const NAMES_MS = 3_000;

/** Reads a thread. Only for the message that has just opened it Slack is not asked: later, another process may have seen more. */
export async function readHistory(
  ports: HistoryPorts,
  conversation: ConversationId,
  signal: AbortSignal,
  first?: string,
): Promise<ThreadHistory> {
  const place = placeOf(conversation);
  const workspace = await ports.workspaceOf(place.team);
  const live = ports.live.of(conversation);
  const pages =
    live?.justBegun && first === place.thread
      ? { messages: live.messages, limitedMs: undefined }
      : await readPages({ ...ports, client: ports.clients(workspace).reading, place, signal });
  const stand = pages.limitedMs !== undefined && live?.isComplete ? live.messages : undefined;
  const messages = (stand ?? pages.messages).filter((message) => isSpoken(message, workspace));
  return {
    messages: await tell(ports, workspace, place, messages),
    complete: pages.limitedMs === undefined || stand !== undefined,
  };
}

const SPOKEN: ReadonlySet<string | undefined> = new Set([
  undefined,
  "bot_message",
  "file_share",
  "me_message",
  "thread_broadcast",
]);

/** Slack's own notices ("joined the channel", "This message was deleted.") are left out. */
const isSpoken = (message: SlackMessage, workspace: Workspace): boolean =>
  SPOKEN.has(message.subtype) || isOwn(message, workspace);

async function tell(
  ports: HistoryPorts,
  workspace: Workspace,
  { channel }: SlackPlace,
  messages: readonly SlackMessage[],
): Promise<readonly ThreadMessage[]> {
  const known = await lookUp(ports, workspace, messages, NAMES_MS);
  let at = 0;
  const told = withAnswerFiles(messages, workspace).map((message) => {
    const read = readMessage(message, { ...ports, workspace, known, otherwiseAt: at });
    at = read.at;
    const said = parseMessage(message, channel, workspace);
    if (!said) return read;
    const isIgnored = isIgnoredAs(
      ports.audience,
      kindsOf(originOfAuthor(workspace, message), known.users.get(message.user ?? "")),
    );
    return { ...read, addressed: isIgnored ? ("none" as const) : said.addressed };
  });
  return told.toSorted((a, b) => a.at - b.at);
}

/** Slack posts a shared file as a message without metadata: it is joined to the answer that was posted with it. */
function withAnswerFiles(
  messages: readonly SlackMessage[],
  workspace: Workspace,
): readonly SlackMessage[] {
  const own = messages.filter((message) => isOwn(message, workspace));
  const finals = own.filter(({ metadata }) => markOf(metadata)?.kind === "final");
  const shared = own.filter(({ metadata, files }) => !markOf(metadata) && files.length > 0);
  const added = Map.groupBy(shared, ({ ts }) => nearestTo(ts, finals));
  return messages.map((message) => {
    const files = added.get(message.ts)?.flatMap((other) => other.files) ?? [];
    return files.length === 0 ? message : { ...message, files: [...message.files, ...files] };
  });
}

const nearestTo = (ts: string, finals: readonly SlackMessage[]): string | undefined =>
  finals.toSorted(
    (a, b) => Math.abs(Number(a.ts) - Number(ts)) - Math.abs(Number(b.ts) - Number(ts)),
  )[0]?.ts;
