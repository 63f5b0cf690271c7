import { MessageFlags, Routes } from "discord.js";
import { z } from "zod";
import { splittingMarkdown } from "../../../src/delivery/split.ts";
import type { DeliveryMark, Outgoing, Person } from "../../../src/platform.ts";
import { inSlices } from "../../../src/slices.ts";
import type { Api } from "../api/api.ts";
import { buttonRows } from "../render/buttons.ts";
import { escapeName } from "../render/lines.ts";
import { toDiscord } from "../render/markdown.ts";

export type Note = Extract<Outgoing, { kind: "note" }>;

/** Messages that a long line for people may take. */
const MOST_PARTS = 4;
const PART_LENGTH = 1_900;

/** A line for people as messages; the first carries the mark. */
export async function noteBodies(
  { text }: Pick<Note, "text">,
  mark: DeliveryMark,
): Promise<readonly object[]> {
  const details = { label: "Details", action: "details" } as const;
  const shown = toDiscord(text.slice(0, MOST_PARTS * PART_LENGTH), Number.POSITIVE_INFINITY);
  const parts = await inSlices(splittingMarkdown(shown, PART_LENGTH));
  return parts.slice(0, MOST_PARTS).map((content, i) => ({
    content,
    components: i === 0 ? buttonRows(mark, [[details]]) : [],
    flags: MessageFlags.SuppressEmbeds,
    allowed_mentions: { parse: [] },
  }));
}

/**
 * What stands in the thread in place of a line for one person alone. Discord hides a message from the others only where it answers a
 * command or a button. What was asked for in a message is answered in that person's direct messages, and where those are closed not at
 * all: who else reads along is none of Parley's to decide.
 */
export async function whisper(
  api: Api,
  person: Person,
  bodies: readonly object[],
): Promise<Pick<Note, "text">> {
  const name = escapeName(person.name);
  try {
    const channel = await directChannel(api, person);
    const route = Routes.channelMessages(channel);
    for (const body of bodies)
      await api.call({ method: "POST", route, what: "answering in private", body }, z.unknown());
    return { text: `${name}, the reply is for you alone: it is in your direct messages.` };
  } catch {
    return {
      text: `${name}, the reply is for you alone, and you take no direct messages from me. Ask with a slash command, \`/parley …\`: only you see what it says.`,
    };
  }
}

async function directChannel(api: Api, { id }: Person): Promise<string> {
  const what = "writing to somebody alone";
  const body = { recipient_id: id };
  const call = { method: "POST", route: Routes.userChannels(), what, body } as const;
  return (await api.call(call, z.object({ id: z.string() }))).id;
}
