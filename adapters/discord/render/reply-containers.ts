import { ComponentType, MessageFlags } from "discord.js";
import { closeFence } from "../../../src/adapter-kit/text/fence.ts";
import type { DeliveryMark } from "../../../src/platform.ts";
import type { CommandReply, ReplyBlock } from "../../../src/reply.ts";
import { type Components, componentOf } from "./buttons.ts";
import { cutLine } from "./lines.ts";
import { toDiscord } from "./markdown.ts";
import { blockPages } from "./reply-pages.ts";

/** A message of Components V2, which has no text of its own. */
export interface LargeBody {
  readonly content: null;
  readonly embeds: readonly [];
  readonly flags: number;
  readonly components: Components;
}

/** Room for the container and the rows of buttons below it. */
const MOST_COST = 11;
const MOST_TEXT = 3_500;
/** Discord fails at some 10,000 bytes, 12 of which each text needs. */
const MOST_BYTES = 9_000;
/** A longer answer shows its beginning, with a button to read it. */
const LONGEST_ANSWER = 500;
const ACCENT = 0x58_65_f2;

interface Part {
  readonly text: string;
  readonly component: object;
  /** How many components it is. */
  readonly cost: number;
}

/** A reply as containers, each with what one message holds: its title, its parts between lines, and a button for each long answer. */
export async function replyContainers(
  { title, ok, blocks }: CommandReply,
  mark: DeliveryMark,
): Promise<readonly object[]> {
  const parts = [textPart(`## ${ok ? "" : "⚠️ "}${toDiscord(title)}`)];
  for (const block of blocks) parts.push(...(await partsOf(block, mark)));
  return pack(parts).map(container);
}

/** `rows`: buttons below the container. */
export const largeBody = (components: readonly object[], rows: Components): LargeBody => ({
  content: null,
  embeds: [],
  flags: MessageFlags.IsComponentsV2,
  components: [...components, ...rows],
});

async function partsOf(block: ReplyBlock, mark: DeliveryMark): Promise<readonly Part[]> {
  if (block.type === "text" && block.answer && block.markdown.length > LONGEST_ANSWER)
    return [answerPart(block.markdown, block.answer, mark)];
  return (await blockPages(block)).filter((text) => text.trim() !== "").map(textPart);
}

const display = (content: string) => ({ type: ComponentType.TextDisplay, content });

const textPart = (text: string): Part => ({ text, component: display(text), cost: 1 });

function answerPart(
  markdown: string,
  { label, name }: NonNullable<Extract<ReplyBlock, { type: "text" }>["answer"]>,
  mark: DeliveryMark,
): Part {
  const start = markdown.slice(0, LONGEST_ANSWER).replace(/[\uD800-\uDBFF]$/, "");
  const text = toDiscord(closeFence(`${start}…`));
  const read = {
    label: cutLine(`Read ${name}`, 38),
    action: "why",
    about: `read ${label}`,
  } as const;
  const accessory = componentOf(mark, read);
  const component = { type: ComponentType.Section, components: [display(text)], accessory };
  return { text, component, cost: 3 };
}

/** As many parts in a message as Discord takes. */
function pack(parts: readonly Part[]): readonly (readonly Part[])[] {
  const pages: Part[][] = [];
  let cost = 0;
  let text = "";
  for (const part of parts) {
    const page = pages.at(-1);
    const fits =
      cost + part.cost + 1 <= MOST_COST &&
      text.length + part.text.length <= MOST_TEXT &&
      Buffer.byteLength(text) + Buffer.byteLength(part.text) <= MOST_BYTES;
    if (page && fits) page.push(part);
    else pages.push([part]);
    text = page && fits ? text + part.text : part.text;
    // A line between two parts is a component, too.
    cost = page && fits ? cost + part.cost + 1 : part.cost;
  }
  return pages;
}

const LINE = { type: ComponentType.Separator, divider: true, spacing: 1 } as const;

const container = (parts: readonly Part[]): object => ({
  type: ComponentType.Container,
  accent_color: ACCENT,
  components: parts.flatMap(({ component }, index) =>
    // The title stands right above what it is about.
    index > (parts[0]?.text.startsWith("## ") ? 1 : 0) ? [LINE, component] : [component],
  ),
});
