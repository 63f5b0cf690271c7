import { z } from "zod";
import type { CommandReply } from "../../../src/reply.ts";
import { type Person, PlatformError } from "../../../src/platform.ts";
import { askerOf } from "../intake/ask-command.ts";
import { questionMetadata } from "../post/question.ts";
import type { Origin } from "../people/origin.ts";
import { conversationOf, timeOf } from "../place.ts";
import { context, said } from "../render/blocks.ts";
import { escapeText } from "../render/escape.ts";
import { withoutPings } from "../render/without-pings.ts";
import type { Workspace } from "../workspaces.ts";
import type { InteractionPorts } from "./interaction-ports.ts";

export interface ChannelQuestion {
  readonly channel: string;
  readonly user: string;
  readonly origin: Origin;
  /** The command's words. */
  readonly text: string;
  readonly question: string;
}

const Posted = z.object({ ts: z.string().min(1) });

/**
 * A question asked by a slash command, of which nobody else sees anything: Parley posts it in the person's name, and answers in that message's
 * thread. Rejects when it could not be stored.
 */
export async function askInChannel(
  ports: InteractionPorts,
  workspace: Workspace,
  { channel, user, origin, text, question }: ChannelQuestion,
): Promise<CommandReply> {
  const { person, level, groups, refusal } = await askerOf(ports, workspace, { user, origin });
  if (refusal) return refusal;
  const posted = await postQuestion(ports, workspace, { channel, person, question });
  if (posted instanceof PlatformError) {
    return refused("The question could not be posted here", posted.message);
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
  return { title: "Asked", blocks: [], visibleTo: "asker", ok: true };
}

async function postQuestion(
  { clients }: InteractionPorts,
  workspace: Workspace,
  { channel, person, question }: { channel: string; person: Person; question: string },
): Promise<string | PlatformError> {
  const text = withoutPings(question);
  const message = {
    channel,
    text: escapeText(text),
    blocks: [...context([`*${said(person.name)}* asks`]), { type: "markdown", text }],
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

const refused = (title: string, why: string): CommandReply => ({
  title,
  blocks: why === "" ? [] : [{ type: "text", markdown: why }],
  visibleTo: "asker",
  ok: false,
});
