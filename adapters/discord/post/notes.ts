import { MessageFlags } from "discord.js";
import { splittingToFit } from "../../../src/delivery/split.ts";
import type { DeliveryMark, Outgoing, Person } from "../../../src/platform.ts";
import { inSlices } from "../../../src/slices.ts";
import type { Api } from "../api/api.ts";
import { sendDirectMessages } from "../intake/refusals.ts";
import { buttonRows, type Components } from "../render/buttons.ts";
import { escapeName, withMoments } from "../render/lines.ts";
import { toDiscord } from "../render/markdown.ts";
import type { MessageBody } from "./send-forms.ts";

export type Note = Extract<Outgoing, { kind: "note" }>;

/** Most messages for one note. */
const MOST_PARTS = 4;
const PART_LENGTH = 1_900;
const lengthOf = (markdown: string): number => toDiscord(markdown, PART_LENGTH).length;

/** A note as messages; the first has the mark. */
export async function noteBodies(
  { text, failed }: Pick<Note, "text" | "failed">,
  mark: DeliveryMark,
): Promise<readonly [MessageBody, ...MessageBody[]]> {
  const retry = { label: "Retry…", action: "retry" } as const;
  const details = { label: "Details", action: "details" } as const;
  const buttons = failed === undefined ? [details] : [retry, details];
  const markdown = text.slice(0, MOST_PARTS * PART_LENGTH);
  const parts = await inSlices(splittingToFit(markdown, PART_LENGTH, { lengthOf }));
  const [first = "", ...rest] = parts.map((part) =>
    failed === undefined ? toDiscord(part) : withMoments(toDiscord(part)),
  );
  const bodyOf = (content: string, components: Components) => ({
    content,
    components,
    flags: MessageFlags.SuppressEmbeds,
    allowed_mentions: { parse: [] },
  });
  return [
    bodyOf(first, buttonRows(mark, [buttons])),
    ...rest.slice(0, MOST_PARTS - 1).map((content) => bodyOf(content, [])),
  ];
}

/**
 * Sends a note for one person as direct messages, and returns the note for the thread that says so. Discord supports ephemeral messages only
 * as responses to commands and buttons. If the person accepts no direct messages, the note is not sent: others would read it.
 */
export async function sendPrivately(
  api: Api,
  person: Person,
  bodies: readonly object[],
): Promise<Pick<Note, "text">> {
  const name = escapeName(person.name);
  try {
    await sendDirectMessages(api, person.id, bodies, "answering in private");
    return { text: `${name}, the reply is for you alone: it is in your direct messages.` };
  } catch {
    return {
      text: `${name}, the reply is for you alone, and you take no direct messages from me. Ask with a slash command, \`/parley …\`: only you see what it says.`,
    };
  }
}
