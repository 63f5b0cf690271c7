import { z } from "zod";
import { textOfBlocks } from "./text-of-blocks.ts";

const Shared = z.object({
  is_share: z.boolean().optional().catch(undefined),
  is_msg_unfurl: z.boolean().optional().catch(undefined),
  author_name: z.string().optional().catch(undefined),
  text: z.string().min(1),
});

/** Messages that a person forwarded, quoted; previews of links are not theirs. */
export function forwardedIn(attachments: readonly unknown[]): string {
  const shared = attachments.flatMap((attachment) => {
    const { data } = Shared.safeParse(attachment);
    return data?.is_share || data?.is_msg_unfurl ? [data] : [];
  });
  return shared
    .map(({ author_name: author, text }) => {
      const said = author === undefined ? text : `${author}: ${text}`;
      return said.replaceAll(/^/gm, "&gt; ");
    })
    .join("\n\n");
}

/** What another app posted, which often has no text of its own. */
export const appTextOf = (message: {
  readonly text: string;
  readonly blocks: readonly unknown[];
  readonly attachments: readonly unknown[];
}): string =>
  [message.text || textOfBlocks(message.blocks), textOfBlocks(message.attachments)]
    .filter((part) => part !== "")
    .join("\n");
