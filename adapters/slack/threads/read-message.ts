import type { Person, ThreadMessage } from "../../../src/platform.ts";
import type { LookedUp } from "../people/look-up.ts";
import { timeOf } from "../place.ts";
import { askedBy, isOwn, markOf } from "../post/own-messages.ts";
import type { SlackMessage } from "../wire/message.ts";
import type { Workspace } from "../workspaces.ts";
import { attachedFiles, type FileHosts } from "./attached-files.ts";
import { appTextOf, attachedByPerson, tablesIn, textOfBlocks, withTitles } from "./read-blocks.ts";
import { markdownIn, readText, type TextNames } from "./read-text.ts";

export interface ReadingOf {
  readonly workspace: Workspace;
  readonly known: LookedUp;
  readonly hosts: FileHosts;
  /** The time of a message whose `ts` is none, milliseconds since the epoch. */
  readonly otherwiseAt: number;
}

const SELF = "Parley";

/** Turns a message of Slack into one of a conversation. Pure. */
export function readMessage(message: SlackMessage, reading: ReadingOf): ThreadMessage {
  const { workspace, known, hosts, otherwiseAt } = reading;
  const author = authorOf(message, reading);
  const mark = author.kind === "self" ? markOf(message.metadata) : undefined;
  const files = message.files.map((file) => known.files.get(file.id) ?? file);
  return {
    id: message.ts,
    author,
    text: textOf(message, author, reading),
    files: attachedFiles(files, workspace, hosts),
    at: timeOf(message.ts) ?? otherwiseAt,
    ...(mark && { mark }),
  };
}

const authorOf = (message: SlackMessage, reading: ReadingOf): Person =>
  isOwn(message, reading.workspace)
    ? (askedBy(message.metadata) ?? {
        id: reading.workspace.botUser,
        name: SELF,
        kind: "self",
      })
    : otherAuthorOf(message, reading);

function otherAuthorOf(message: SlackMessage, { known }: ReadingOf): Person {
  const { user, bot_id: bot } = message;
  if (user === undefined || bot !== undefined) return botOf(message);
  const listed = known.users.get(user);
  const profile = message.user_profile;
  const names = [listed?.name, profile?.display_name, profile?.real_name, message.username];
  const name = names.find((one) => one?.trim()) ?? user;
  return { id: user, name, kind: listed?.isBot ? "bot" : "person" };
}

const botOf = ({ bot_id: bot, user, username, bot_profile: profile }: SlackMessage): Person => ({
  id: bot ?? user ?? "bot",
  name: username ?? profile?.name ?? "Bot",
  kind: "bot",
});

/** Of Parley's own message: the Markdown that it was posted with, or its text in Slack's marks. */
function ownText({ text, blocks }: SlackMessage, names: TextNames): string {
  const markdown = markdownIn(blocks);
  if (markdown !== "") return markdown.trim();
  const isMarkdown = /\*\*|\]\(/.test(text);
  return readText(text || textOfBlocks(blocks), names, isMarkdown ? "markdown" : "slack");
}

function textOf(message: SlackMessage, { kind }: Person, { workspace, known }: ReadingOf): string {
  const names = {
    self: workspace.botUser,
    users: new Map([...known.users].map(([id, { name }]) => [id, name] as const)),
    channels: known.channels,
  };
  if (kind === "self" || isOwn(message, workspace)) {
    return ownText(message, names);
  }
  if (kind === "bot") return readText(appTextOf(message), names);
  const { text, blocks, attachments } = message;
  const written = withTitles(text, attachments) || textOfBlocks(blocks);
  const tables = text === "" ? "" : tablesIn(blocks);
  const parts = [written, tables, attachedByPerson(attachments)];
  return readText(parts.filter((part) => part !== "").join("\n\n"), names);
}
