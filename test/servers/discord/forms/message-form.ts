import { z } from "zod";
import type { Json } from "../wire/json.ts";
import { MESSAGE_FLAG } from "../world/message.ts";
import { AllowedMentions } from "../world/pings.ts";
import { LargerParts, Rows } from "./component-form.ts";
import { Embeds } from "./embed-form.ts";
import { mistake, parseForm, text } from "./parse-form.ts";

const Reference = z.looseObject({
  message_id: z.string(),
  channel_id: z.string().nullish(),
  guild_id: z.string().nullish(),
  fail_if_not_exists: z.boolean().nullish(),
});

const Attachment = z.looseObject({
  id: z.union([z.string(), z.int()]),
  filename: text(1_024).nullish(),
  description: text(1_024).nullish(),
});

const Allowed = AllowedMentions.superRefine((allowed, context) => {
  for (const key of ["users", "roles"] as const) {
    if (!allowed.parse?.includes(key) || !allowed[key]?.length) continue;
    mistake(context, ["parse"], {
      code: "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
      message: `parse:["${key}"] and ${key}: [ids...] are mutually exclusive.`,
    });
  }
});

const fields = {
  content: text(2_000).nullish(),
  embeds: Embeds.nullish(),
  components: Rows.nullish(),
  allowed_mentions: Allowed.nullish(),
  flags: z.int().nullish(),
  attachments: z.array(Attachment).max(10).nullish(),
  nonce: z.union([text(25), z.int()]).nullish(),
  enforce_nonce: z.boolean().nullish(),
  message_reference: Reference.nullish(),
};

const Plain = z.object(fields);

/** With the flag for components V2 a message has neither text nor embeds of its own. */
const Larger = z
  .object({ ...fields, components: LargerParts.nullish() })
  .superRefine(({ content, embeds }, context) => {
    for (const [key, value] of Object.entries({ content, embeds })) {
      if (!value?.length) continue;
      mistake(context, [key], {
        code: "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        message: `The '${key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
      });
    }
  });

export type MessageForm = Omit<z.infer<typeof Plain>, "components"> & {
  readonly components?: readonly Json[] | null | undefined;
};

const Flags = z.looseObject({ flags: z.int().nullish() });

/** Reads a message as sent or edited. `flagsBefore`: what the message has, which an edit cannot take away. */
export function parseMessage(body: unknown, flagsBefore = 0): MessageForm {
  const flags = (Flags.safeParse(body).data?.flags ?? 0) | flagsBefore;
  return flags & MESSAGE_FLAG.componentsV2 ? parseForm(Larger, body) : parseForm(Plain, body);
}
