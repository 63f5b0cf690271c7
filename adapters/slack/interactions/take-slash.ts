import { randomUUID } from "node:crypto";
import { COMMANDS } from "../../../src/commands/command-table.ts";
import type { CommandPorts } from "../../../src/commands/ports.ts";
import type { Command, ParseProblem } from "../../../src/commands/command.ts";
import { parseCommand } from "../../../src/commands/parse/parse-command.ts";
import { privately, refused, REPEATED } from "../../../src/commands/run/compose-reply.ts";
import type { ConversationId } from "../../../src/ids.ts";
import { type Intake, type Person, PlatformError } from "../../../src/platform.ts";
import type { CommandReply } from "../../../src/reply.ts";
import type { Clients } from "../api/clients.ts";
import { formatForMembers } from "../api/errors.ts";
import type { Commands } from "../intake/run-command.ts";
import { lookUp, type LookUpPorts } from "../people/look-up.ts";
import { type Origin, originOfSlash } from "../people/origin.ts";
import { conversationOf, outsideThreads, timeOf } from "../place.ts";
import { questionMetadata } from "../post/own-messages.ts";
import { context, safeText } from "../render/blocks.ts";
import { escapeText, withoutPings } from "../render/escape.ts";
import { inThread } from "../spell.ts";
import { code } from "../../../src/text/spelling.ts";
import { readText } from "../threads/read-text.ts";
import { Posted } from "../wire/answers.ts";
import { digestOf, type SlashCommand } from "../wire/interaction.ts";
import type { Workspace } from "../workspaces.ts";

export interface SlashPorts {
  readonly commands: Pick<Commands, "run" | "askerOf">;
  readonly clients: (workspace: Workspace) => Pick<Clients, "finals">;
  readonly intake: { get(): Pick<Intake, "message" | "claim"> };
  readonly turns: Pick<CommandPorts["turns"], "threads">;
  readonly names: LookUpPorts;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
}

const NAMES_MS = 500;

/** Runs a slash command; resolves to its reply. Rejects when it could not be stored. */
export async function takeSlash(
  ports: SlashPorts,
  workspace: Workspace,
  slash: SlashCommand,
): Promise<CommandReply> {
  const { channel_id: channel, user_id: user } = slash;
  const text = await wordsOf(ports.names, workspace, slash);
  const command = parseCommand(text, "channel");
  const eventId = eventIdOf(slash);
  const origin = originOfSlash(workspace, slash);
  if (command.name === "ask") {
    const question = { channel, user, origin, eventId, text, question: command.text };
    return askInChannel(ports, workspace, question);
  }
  const found = isOfThread(command)
    ? await threadIn(ports.turns, { team: workspace.team, channel }, command.name)
    : outsideThreads(workspace.team, channel);
  if (typeof found !== "string") return found;
  const gesture = { conversation: found, user, origin, eventId, text, scope: "channel" } as const;
  return ports.commands.run(workspace, gesture);
}

/** The words as people read them: Slack escapes them, and replaces names by ids. */
async function wordsOf(
  names: LookUpPorts,
  workspace: Workspace,
  { text }: SlashCommand,
): Promise<string> {
  const known = await lookUp(names, workspace, [{ user: undefined, text, files: [] }], NAMES_MS);
  const users = new Map([...known.users].map(([id, { name }]) => [id, name] as const));
  return readText(text, { self: workspace.botUser, users, channels: known.channels });
}

/** Slack sends a command once, so without its ids each is a new one. The id holds none of the command's words, which may be secret. */
const eventIdOf = ({ user_id: user, trigger_id: trigger, response_url: url, text }: SlashCommand) =>
  ["slash", user, ...(trigger || url ? [trigger, url, digestOf(text)] : [randomUUID()])].join(":");

const isOfThread = (command: Command | ParseProblem): boolean =>
  ("scope" in command && command.scope === "thread") ||
  (command.name !== "problem" && COMMANDS[command.name].about !== "anything");

/** Slack has no slash commands in threads: the command is about the running thread, else the latest. */
async function threadIn(
  turns: SlashPorts["turns"],
  { team, channel }: { readonly team: string; readonly channel: string },
  name: string,
): Promise<ConversationId | CommandReply> {
  const place = { platform: "slack", space: team, channel };
  const { running, latest } = await turns.threads(place);
  if (running.length > 1) return whichThread(`Turns are running in several threads here`, name);
  const meant = running[0] ?? (name.startsWith("agents ") ? null : latest);
  return meant ?? whichThread("That command is about a thread", name);
}

const whichThread = (title: string, name: string): CommandReply =>
  refused(title, [
    `Slack has no slash commands in threads. Write ${code(inThread(name))} in the thread you mean, or use its buttons.`,
  ]);

interface ChannelQuestion {
  readonly channel: string;
  readonly user: string;
  readonly origin: Origin;
  readonly eventId: string;
  /** The command's words. */
  readonly text: string;
  readonly question: string;
}

/**
 * Asks a question that came as a slash command, which nobody else sees: Parley posts it in the person's name and answers in the thread of
 * that message. Rejects when it could not be stored.
 */
async function askInChannel(
  ports: SlashPorts,
  workspace: Workspace,
  { channel, user, origin, eventId, text, question }: ChannelQuestion,
): Promise<CommandReply> {
  const { person, level, groups, refusal } = await ports.commands.askerOf(workspace, {
    user,
    origin,
  });
  if (refusal) return refusal;
  const here = outsideThreads(workspace.team, channel);
  if (!(await ports.intake.get().claim(here, eventId))) return REPEATED;
  const posted = await postQuestion(ports.clients, workspace, { channel, person, question });
  if (posted instanceof PlatformError) {
    return refused("The question could not be posted here", [formatForMembers(posted)]);
  }
  await ports.intake.get().message({
    id: posted,
    conversation: conversationOf({ team: workspace.team, channel, thread: posted }),
    author: person,
    // As a command, so that the team it names answers.
    text: `!${text}`,
    files: [],
    at: timeOf(posted) ?? ports.wallClock(),
    addressed: "mention",
    level,
    groups,
  });
  return privately("Asked", []);
}

async function postQuestion(
  clients: SlashPorts["clients"],
  workspace: Workspace,
  { channel, person, question }: { channel: string; person: Person; question: string },
): Promise<string | PlatformError> {
  const text = withoutPings(question);
  const message = {
    channel,
    text: escapeText(text),
    blocks: [...context([`*${safeText(person.name)}* asks`]), { type: "markdown", text }],
    metadata: questionMetadata(person),
    unfurl_links: false,
    unfurl_media: false,
  };
  try {
    return (await clients(workspace).finals.call("chat.postMessage", message, Posted)).ts;
  } catch (error) {
    if (error instanceof PlatformError) return error;
    throw error;
  }
}
