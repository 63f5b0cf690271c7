import { z } from "zod";
import { mistake, text } from "./parse-form.ts";

const Address = z.string().superRefine((url, context) => {
  if (/^(https?:\/\/|attachment:\/\/)\S+$/.test(url)) return;
  mistake(context, [], {
    code: "URL_TYPE_INVALID_URL",
    message: "Not a well formed URL.",
  });
});
const Picture = z.looseObject({ url: Address }).nullish();

const Field = z.looseObject({
  name: text(256, 1),
  value: text(1_024, 1),
  inline: z.boolean().nullish(),
});

const Embed = z.looseObject({
  title: text(256).nullish(),
  description: text(4_096).nullish(),
  url: Address.nullish(),
  color: z.int().min(0).max(0xff_ff_ff).nullish(),
  timestamp: z.string().nullish(),
  fields: z.array(Field).max(25).nullish(),
  footer: z.looseObject({ text: text(2_048, 1) }).nullish(),
  author: z.looseObject({ name: text(256, 1) }).nullish(),
  image: Picture,
  thumbnail: Picture,
});

const length = (value: string | null | undefined): number => value?.length ?? 0;

const lengthOf = (embed: z.infer<typeof Embed>): number =>
  length(embed.title) +
  length(embed.description) +
  length(embed.footer?.text) +
  length(embed.author?.name) +
  (embed.fields ?? []).reduce((sum, { name, value }) => sum + name.length + value.length, 0);

/** Characters over all embeds of a message. */
const MOST = 6_000;

/** Up to ten embeds. */
export const Embeds = z
  .array(Embed)
  .max(10)
  .superRefine((embeds, context) => {
    const total = embeds.reduce((sum, embed) => sum + lengthOf(embed), 0);
    if (total <= MOST) return;
    mistake(context, [], {
      code: "MAX_EMBED_SIZE_EXCEEDED",
      message: `Embed size exceeds maximum size of ${MOST}`,
    });
  });
