import { actionCommand } from "../../../src/adapter-kit/action-commands.ts";
import type { KeyedQueue } from "../../../src/adapter-kit/queue/keyed-queue.ts";
import type { ConversationId } from "../../../src/ids.ts";
import type { Intake } from "../../../src/platform.ts";
import type { Clients } from "../api/clients.ts";
import { originInChannel } from "../people/origin.ts";
import { conversationOf } from "../place.ts";
import { findOwnMessage, type PostedMessages } from "../post/own-messages.ts";
import { type LiveThreads, trackEvent } from "../threads/live-threads.ts";
import { EventEnvelope } from "../wire/event.ts";
import type { Workspace } from "../workspaces.ts";
import { incomingOf, type IncomingPorts } from "./incoming.ts";
import { type ParsedEvent, parseEvent } from "./parse-event.ts";
import type { Commands } from "./run-command.ts";
import type { WorkspaceOfEvent } from "./shared-channels.ts";

export interface TakeEventPorts extends IncomingPorts {
  readonly commands: Commands;
  readonly clients: (workspace: Workspace) => Pick<Clients, "reading">;
  readonly workspaceOfEvent: WorkspaceOfEvent;
  readonly posted: PostedMessages;
  readonly live: LiveThreads;
  /** Keeps the messages of a thread in the order of their events. */
  readonly queue: KeyedQueue;
  /** Somebody pressed Slack's own Stop button there. */
  readonly onStopped: (conversation: ConversationId) => void;
}

/**
 * Passes an event to the intake. Resolves when it is stored or does not concern Parley, so that it may be acknowledged. Rejects when it
 * could not be stored: then Slack must send it again. The intake recognises redeliveries by the ids in the event. `isNews`: false for events
 * that a backfill found, which say nothing about what came later.
 */
export async function takeEvent(
  ports: TakeEventPorts,
  intake: Intake,
  body: unknown,
  isNews: boolean,
): Promise<void> {
  const { data: envelope } = EventEnvelope.safeParse(body);
  if (!envelope) return;
  const workspace = await ports.workspaceOfEvent(envelope);
  if (!workspace) return;
  if (isNews) trackEvent(ports.live, envelope, workspace, ports.wallClock());
  const parsed = parseEvent(envelope, workspace);
  if (parsed) await takeParsed({ ports, intake, workspace, envelope }, parsed);
}

interface Taking {
  readonly ports: TakeEventPorts;
  readonly intake: Intake;
  readonly workspace: Workspace;
  readonly envelope: EventEnvelope;
}

async function takeParsed(taking: Taking, parsed: ParsedEvent): Promise<void> {
  const { ports, intake, workspace, envelope } = taking;
  switch (parsed.kind) {
    case "message":
      return ports.queue.run(`${workspace.team}:${parsed.channel}:${parsed.thread}`, async () =>
        intake.message(await incomingOf(ports, workspace, parsed, envelope)),
      );
    case "edited":
      return intake.edited(await incomingOf(ports, workspace, parsed, envelope), parsed.eventId);
    case "deleted": {
      const conversation = conversationOf({ ...parsed, team: workspace.team });
      return intake.deleted(conversation, parsed.ts, parsed.eventId);
    }
    case "stop":
      return takeStop(taking, parsed);
    case "reaction":
      return takeReaction(taking, parsed);
  }
}

/** The session stays "processing" until the app changes it, even when no turn runs any more. */
async function takeStop(
  { ports, workspace, envelope }: Taking,
  { user, eventId, ...spot }: Extract<ParsedEvent, { kind: "stop" }>,
): Promise<void> {
  const conversation = conversationOf({ ...spot, team: workspace.team });
  const origin = user === undefined ? "inside" : originInChannel(envelope);
  const by = { user: user ?? workspace.botUser, origin } as const;
  await ports.commands.runGesture(workspace, { ...by, conversation, eventId, text: "stop" });
  ports.onStopped(conversation);
}

/** 🛑 on the status of a running turn, 🔁 on an answer. */
const GESTURES: Readonly<Record<string, "stop" | "retry">> = {
  octagonal_sign: "stop",
  repeat: "retry",
};

async function takeReaction(
  { ports, workspace, envelope }: Taking,
  { reaction, user, eventId, ...at }: Extract<ParsedEvent, { kind: "reaction" }>,
): Promise<void> {
  const gesture = GESTURES[reaction.split("::", 1)[0] ?? ""];
  if (gesture === undefined) return;
  const { reading } = ports.clients(workspace);
  const own = await findOwnMessage({ ...ports, reading }, workspace, at);
  if (own?.mark.kind !== (gesture === "stop" ? "status" : "final")) return;
  const { conversation, mark } = own;
  // The reaction is about the turn of that message, not about the one that runs now.
  const text = actionCommand({ type: gesture, turn: mark.turn });
  const by = { user, origin: originInChannel(envelope) };
  await ports.commands.runGesture(workspace, { ...by, conversation, eventId, text });
}
