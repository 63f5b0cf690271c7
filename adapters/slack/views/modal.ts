import { createHmac, timingSafeEqual } from "node:crypto";
import type { types } from "@slack/bolt";
import { z } from "zod";
import { ConversationId, TurnId } from "../../../src/ids.ts";
import { placeOf } from "../place.ts";
import { actions, type Block, button, context, plainText } from "../render/blocks.ts";
import type { Workspace } from "../workspaces.ts";

export type Modal = types.ModalView;

/** A view may have 100 blocks and 250,000 bytes; some room is left for the buttons around them. */
const MOST_BLOCKS = 90;
const MOST_BYTES = 150_000;
const LONGEST_TITLE = 24;

/** What a modal is about. Slack sends it back with every click in it. */
export const ModalSubject = z.object({
  conversation: ConversationId,
  turn: TurnId.optional(),
  /** Which modal it is. */
  kind: z.enum(["why", "details", "retry", "switch", "keys", "wrong"]),
});
export type ModalSubject = z.infer<typeof ModalSubject>;

export const PAGE_ACTION = "parley_page";
const CALLBACK = "parley_";

/** `callback_id` of the modals, by kind. */
const callbackOf = (kind: ModalSubject["kind"]): string => `${CALLBACK}${kind}`;
export const ANY_CALLBACK = /^parley_/;

export const readSubject = (metadata: string): ModalSubject | undefined => {
  try {
    return ModalSubject.safeParse(JSON.parse(metadata)).data;
  } catch {
    return undefined;
  }
};

export interface ModalLook {
  readonly title: string;
  readonly subject: ModalSubject;
  readonly blocks: readonly Block[];
  /** 0-based. */
  readonly page?: number;
  readonly submit?: string;
  /** What closes it without sending. Default: "Cancel", or "Close" where nothing is sent. */
  readonly close?: string;
}

/** A modal with as many blocks as Slack allows; the rest is on further pages. */
export function modal({ title, subject, blocks, page = 0, submit, ...look }: ModalLook): Modal {
  const close = look.close ?? (submit === undefined ? "Close" : "Cancel");
  const pages = paginate(blocks);
  const at = Math.min(Math.max(0, page), pages.length - 1);
  return {
    type: "modal",
    callback_id: callbackOf(subject.kind),
    private_metadata: JSON.stringify(subject),
    title: plainText(title, LONGEST_TITLE),
    close: plainText(close, LONGEST_TITLE),
    ...(submit !== undefined && { submit: plainText(submit, LONGEST_TITLE) }),
    blocks: [...(pages[at] ?? []), ...pageButtons(at, pages.length)],
  };
}

function pageButtons(at: number, count: number): readonly Block[] {
  if (count === 1) return [];
  const to = (page: number, text: string) =>
    page < 0 || page >= count
      ? []
      : [
          button({
            action: page < at ? `${PAGE_ACTION}_back` : `${PAGE_ACTION}_on`,
            value: String(page),
            text,
          }),
        ];
  return [
    ...context([`Page ${at + 1} of ${count}`]),
    ...actions([...to(at - 1, "Back"), ...to(at + 1, "Next page")]),
  ];
}

function paginate(blocks: readonly Block[]): readonly (readonly Block[])[] {
  const pages: Block[][] = [[]];
  let bytes = 0;
  for (const block of blocks) {
    const size = Buffer.byteLength(JSON.stringify(block));
    const page = pages.at(-1);
    if (page && page.length < MOST_BLOCKS && (bytes + size <= MOST_BYTES || page.length === 0)) {
      page.push(block);
      bytes += size;
    } else {
      pages.push([block]);
      bytes = size;
    }
  }
  return pages;
}

type Signer = Pick<Workspace, "team" | "token">;

const signatureOf = ({ team, token }: Signer, metadata: string): Buffer =>
  createHmac("sha256", token).update(["parley modal", team, metadata].join("\0")).digest();

/** Signs the metadata of a modal, bound to its workspace, so that a forged form cannot name anything else. */
export const signMetadata = (workspace: Signer, metadata: string): string =>
  `${signatureOf(workspace, metadata).toString("base64url")}.${metadata}`;

/** The signed metadata; undefined: it was altered, or belongs to another workspace. */
export function readSigned(workspace: Signer, signed: string): string | undefined {
  const at = signed.indexOf(".");
  const metadata = signed.slice(at + 1);
  const given = Buffer.from(signed.slice(0, Math.max(0, at)), "base64url");
  const expected = signatureOf(workspace, metadata);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const subject = readSubject(metadata);
  return subject && placeOf(subject.conversation).team === workspace.team ? metadata : undefined;
}
