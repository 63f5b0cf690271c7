import { unescaped } from "../blocks/rich-text.ts";
import { repliesOf, type Channel } from "../state/channel.ts";
import { isFields, textIn, type Fields } from "../state/fields.ts";
import type { Message } from "../state/message.ts";
import type { Workspace } from "../state/workspace.ts";

/** A message as people see it. */
export interface Seen {
  readonly channel: string;
  readonly ts: string;
  /** Display name. */
  readonly author: string;
  /** What stands there: the blocks, or the text where there are none; names instead of ids. */
  readonly text: string;
  readonly buttons: readonly SeenButton[];
  readonly files: readonly string[];
  readonly isEdited: boolean;
  readonly isEphemeral: boolean;
  /** Emoji names. */
  readonly reactions: readonly string[];
  /** Ids of those it notifies; "channel", "here", "everyone". */
  readonly pings: readonly string[];
  readonly metadata: Fields | undefined;
}

export interface SeenButton {
  readonly actionId: string;
  readonly text: string;
  readonly value: string | undefined;
  readonly blockId: string;
  readonly type: string;
}

/** A thread with its root, oldest first; with what was said to one person alone when that is who looks. */
export function seenThread(
  workspace: Workspace,
  channel: Channel,
  ts: string,
  by?: string,
): readonly Seen[] {
  const root = channel.messages.get(ts);
  const whispers = channel.ephemerals.filter(
    ({ isEphemeralFor, threadTs }) => isEphemeralFor === by && threadTs === ts,
  );
  return [...(root ? [root] : []), ...repliesOf(channel, ts), ...whispers]
    .toSorted((a, b) => Number(a.ts) - Number(b.ts))
    .map((message) => seen(workspace, message));
}

export function seen(workspace: Workspace, message: Message): Seen {
  const { blocks, text, reactions, metadata, files } = message;
  const author = workspace.users.get(message.user ?? "");
  const shown = shownOf(message);
  return {
    channel: message.channel,
    ts: message.ts,
    author: author?.displayName ?? message.username ?? "",
    text: readable(workspace, shown),
    buttons: buttonsOf(blocks ?? []),
    files: files.map((id) => workspace.files.get(id)?.name ?? id),
    isEdited: message.isEditedShown,
    isEphemeral: message.isEphemeralFor !== undefined,
    reactions: [...reactions.keys()],
    pings: pingsIn(isTyped(message) ? text : JSON.stringify(blocks)),
    metadata,
  };
}

/** What people type is its own rich text. */
const isTyped = ({ blocks }: Message): boolean =>
  blocks?.every(({ type }) => type === "rich_text") ?? true;

const shownOf = (message: Message): string =>
  isTyped(message)
    ? message.text
    : (message.blocks ?? [])
        .map(textOfBlock)
        .filter((part) => part !== "")
        .join("\n");

/** What a modal or a home tab says. */
export const seenBlocks = (workspace: Workspace, blocks: readonly Fields[]) => ({
  text: readable(workspace, blocks.map(textOfBlock).join("\n")),
  buttons: buttonsOf(blocks),
});

function readable({ users, channels }: Workspace, text: string): string {
  const named = text
    .replace(/<@(\w+)(?:\|[^>]*)?>/g, (_, id: string) => `@${users.get(id)?.displayName ?? id}`)
    .replace(/<#(\w+)(?:\|[^>]*)?>/g, (_, id: string) => `#${channels.get(id)?.name ?? id}`)
    .replace(/<!(here|channel|everyone)(?:\|[^>]*)?>/g, "@$1")
    .replace(/<(https?:[^|>]+)\|([^>]*)>/g, "$2")
    .replace(/<(https?:[^|>]+)>/g, "$1");
  return unescaped(named);
}

/** Texts in the order they stand in, cells of a row side by side; buttons are told apart. */
function textOfBlock(block: Fields): string {
  if (Array.isArray(block["rows"])) {
    return block["rows"].map((row) => cellsOf(row).join(" | ")).join("\n");
  }
  if (block["type"] === "actions" || block["type"] === "context_actions") return "";
  return textsIn(block).join("\n");
}

const cellsOf = (row: unknown): readonly string[] =>
  Array.isArray(row) ? row.map((cell) => textsIn(cell).join("")) : [];

function textsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (!isFields(value) || isControl(value)) return [];
  const own = textIn(value, "text") ?? textIn(value, "title");
  const parts = Object.entries(value)
    .filter(([name]) => name !== "options" && name !== "placeholder")
    .flatMap(([, item]) => (typeof item === "object" ? textsIn(item) : []));
  return own === undefined ? parts : [own, ...parts];
}

const CONTROL = /^(button|feedback_buttons|icon_button|overflow|workflow_button)$/;
const isControl = ({ type }: Fields): boolean => CONTROL.test(String(type));

function buttonsOf(blocks: readonly Fields[]): readonly SeenButton[] {
  return blocks.flatMap((block) =>
    controlsIn(block).flatMap((control) => {
      const common = {
        actionId: textIn(control, "action_id") ?? "",
        type: String(control["type"]),
      };
      const blockId = textIn(block, "block_id") ?? "";
      return halvesOf(control).map((half) => ({
        ...common,
        blockId,
        text: textsIn(half["text"])[0] ?? "",
        value: textIn(half, "value"),
      }));
    }),
  );
}

/** Feedback buttons are two in one; a select is none, but can be found by its id. */
const halvesOf = (control: Fields): readonly Fields[] => {
  const halves = [control["positive_button"], control["negative_button"]].filter(isFields);
  return halves.length > 0 ? halves : [control];
};

export const controlsIn = (value: unknown): readonly Fields[] => {
  if (Array.isArray(value)) return value.flatMap(controlsIn);
  if (!isFields(value)) return [];
  const own = typeof value["action_id"] === "string" ? [value] : [];
  return [...own, ...Object.values(value).flatMap(controlsIn)];
};

const pingsIn = (text: string): readonly string[] => [
  ...new Set(
    [
      ...text.matchAll(/<@(\w+)(?:\|[^>]*)?>/g),
      ...text.matchAll(/<!(here|channel|everyone|subteam\^\w+)[^>]*>/g),
      ...text.matchAll(/"range":"(here|channel|everyone)"/g),
      ...text.matchAll(/"user_id":"(\w+)"/g),
    ].flatMap(([, who]) => who ?? []),
  ),
];
