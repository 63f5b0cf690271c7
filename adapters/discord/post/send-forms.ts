import { PermissionFlagsBits } from "discord.js";
import { aboutFile, PlatformError } from "../../../src/platform.ts";
import { codeOf, CODES } from "../api/errors.ts";
import type { Guilds } from "../guilds/guilds.ts";
import { checkBody } from "../payload/check-body.ts";
import type { Components } from "../render/buttons.ts";

/** A message as Discord's API takes it. */
export interface MessageBody {
  readonly content: string;
  readonly components: Components;
}

/** The same message in simpler forms: addresses as plain text, for filters of links; without buttons. */
function formsOf<B extends MessageBody>(body: B): readonly B[] {
  const plain = { ...body, content: body.content.replaceAll(/\bhttps?:\/\//gi, "") };
  const forms = plain.content === body.content ? [body] : [body, plain];
  return body.components.length === 0 ? forms : [...forms, { ...plain, components: [] }];
}

/** Sends the message in the richest form that Discord takes. Rejects as `call` does. */
export async function sendInForms<B extends MessageBody, T>(
  body: B,
  call: (body: B) => Promise<T>,
): Promise<T> {
  let refusal: unknown;
  for (const form of formsOf(body)) {
    const [issue] = checkBody(form);
    if (issue) {
      refusal ??= new PlatformError("rejected", `Discord would refuse ${issue.at}: ${issue.rule}.`);
      continue;
    }
    try {
      return await call(form);
    } catch (error) {
      if (!isAboutMessage(error)) throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}

const isAboutMessage = (error: unknown): boolean =>
  error instanceof PlatformError && error.outcome === "rejected" && error.about === "message";

/** A message whose upload fails may do without its file. Names the permission that is missing. */
export function uploadFailure(
  error: unknown,
  guilds: Pick<Guilds, "permissionsIn">,
  channel: string,
): unknown {
  if (!(error instanceof PlatformError) || error.outcome === "gone") return error;
  if (error.outcome === "rate_limited") return error;
  const permissions = guilds.permissionsIn(channel);
  const isLikely = permissions === undefined || !(permissions & PermissionFlagsBits.AttachFiles);
  if (codeOf(error) !== CODES.missingPermissions || !isLikely) return aboutFile(error);
  const message = `Parley may not attach files in <#${channel}>: allow its role **Attach Files** in the channel's settings → Permissions. Long answers are posted in more messages until then. ${error.message}`;
  return aboutFile(new PlatformError("rejected", message, { cause: error }));
}
