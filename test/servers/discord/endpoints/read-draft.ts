import { type MessageForm, parseMessage } from "../forms/message-form.ts";
import type { UploadedFile } from "../rest/call.ts";
import { asJson, asList, type Json } from "../wire/json.ts";
import { FILE_LIMIT, type Message, MESSAGE_FLAG, type StoredFile } from "../world/message.ts";
import type { Draft, Edit } from "../world/message-life.ts";
import { invalidForm, refusal } from "../world/refusal.ts";
import type { World } from "../world/world.ts";

/** Most files of a message. */
const MOST_FILES = 10;

const MAY_SET =
  MESSAGE_FLAG.suppressEmbeds | MESSAGE_FLAG.suppressNotifications | MESSAGE_FLAG.componentsV2;

/** What comes with a request: JSON and files. */
export interface Sent {
  readonly body: unknown;
  readonly files: readonly UploadedFile[];
}

export interface ReadDraft {
  readonly form: MessageForm;
  readonly draft: Omit<Draft, "authorId">;
}

/** Reads a message to post; throws 50035, 50006 and 40005. */
export function readDraft(world: World, sent: Sent): ReadDraft {
  const form = parseMessage(sent.body);
  const draft = {
    content: form.content?.trim() ?? "",
    embeds: (form.embeds ?? []).map(embedJson),
    components: numbered(form.components ?? []),
    files: storedFiles(world, sent.files, form),
    flags: (form.flags ?? 0) & MAY_SET,
    nonce: form.nonce ?? null,
    allowedMentions: form.allowed_mentions ?? undefined,
  };
  requireSomething(draft);
  return { form, draft };
}

/** Not sent: as it was. */
const changed = <Sent_, Kept>(
  sent: Sent_ | undefined,
  before: Kept,
  read: (sent: Sent_) => Kept,
): Kept => (sent === undefined ? before : read(sent));

/** Reads a change of a message: what is not sent stays, null takes away. */
export function readEdit(world: World, sent: Sent, message: Message): Edit {
  const form = parseMessage(sent.body, message.flags & MESSAGE_FLAG.componentsV2);
  const edit = {
    content: changed(form.content, message.content, (content) => content?.trim() ?? ""),
    embeds: changed(form.embeds, message.embeds, (embeds) => (embeds ?? []).map(embedJson)),
    components: changed(form.components, message.components, (parts) => numbered(parts ?? [])),
    files: [...keptFiles(message, form), ...storedFiles(world, sent.files, form)],
    flags: changed(form.flags, message.flags, (flags) => merged(message.flags, flags ?? 0)),
    allowedMentions: form.allowed_mentions ?? undefined,
  };
  requireSomething(edit);
  return edit;
}

const CHANGEABLE = MESSAGE_FLAG.suppressEmbeds | MESSAGE_FLAG.componentsV2;

/** The larger set of components is never taken back. */
const merged = (before: number, sent: number): number =>
  (before & ~MESSAGE_FLAG.suppressEmbeds) | (sent & CHANGEABLE);

const embedJson = (embed: Json): Json => ({ ...embed, type: "rich", content_scan_version: 0 });

function requireSomething(draft: Omit<Draft, "authorId">): void {
  const parts = [draft.content, draft.embeds, draft.components, draft.files];
  if (parts.every((part) => !part?.length)) throw refusal("empty");
}

function keptFiles(message: Message, form: MessageForm): readonly StoredFile[] {
  if (!form.attachments) return message.files;
  const kept = form.attachments.map(({ id }) => String(id));
  return message.files.filter(({ id }) => kept.includes(id));
}

function storedFiles(
  world: World,
  files: readonly UploadedFile[],
  form: MessageForm,
): readonly StoredFile[] {
  if (files.length > MOST_FILES) {
    const words = { code: "BASE_TYPE_MAX_LENGTH", message: "Must be 10 or fewer in length." };
    throw invalidForm([{ path: ["attachments"], ...words }]);
  }
  if (files.some(({ bytes }) => bytes.byteLength > FILE_LIMIT)) throw refusal("tooLarge");
  return files.map((file) => {
    const index = /\d+/.exec(file.field)?.[0];
    const about = form.attachments?.find(({ id }) => String(id) === index);
    return {
      id: world.ids.next(),
      name: (about?.filename ?? file.name).replaceAll(/[^\w.-]+/g, "_"),
      mediaType: mediaTypeOf(file),
      bytes: file.bytes,
      description: about?.description ?? null,
    };
  });
}

const BY_ENDING: Readonly<Record<string, string>> = {
  md: "text/markdown; charset=utf-8",
  txt: "text/plain; charset=utf-8",
  json: "application/json; charset=utf-8",
  csv: "text/csv; charset=utf-8",
  png: "image/png",
  jpg: "image/jpeg",
  pdf: "application/pdf",
};

/** Discord goes by the name, not by what the client says. */
const mediaTypeOf = (file: UploadedFile): string =>
  BY_ENDING[file.name.split(".").at(-1)?.toLowerCase() ?? ""] ?? file.mediaType;

/** Every part has a number of its own. */
function numbered(components: readonly Json[]): readonly Json[] {
  let last = 0;
  const number = (part: Json): Json => ({
    ...part,
    id: ++last,
    ...(part["components"] !== undefined && { components: asList(part["components"]).map(number) }),
    ...(part["accessory"] !== undefined && { accessory: number(asJson(part["accessory"])) }),
  });
  return components.map(number);
}
