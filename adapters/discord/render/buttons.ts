import { TurnId } from "../../../src/ids.ts";
import type { DeliveryMark } from "../../../src/platform.ts";
import { ButtonStyle, ComponentType } from "discord.js";
import { cutLine } from "./lines.ts";

/** What a button does. `part` does nothing: it shows which part of an answer it is on. */
const ACTIONS = [
  "stop",
  "finish",
  "details",
  "why",
  "retry",
  "up",
  "down",
  "prefer",
  "steer",
  "restart",
  "waiting",
  "part",
] as const;
export type Action = (typeof ACTIONS)[number];

/** A button of one of Parley's messages. */
export interface Press {
  readonly mark: DeliveryMark;
  readonly action: Action;
  /** An answer's label, a message's id or a page; "" if the action needs none. */
  readonly about: string;
}

// Discord allows 100 characters; a turn's id has 36 and a message's 20.
const PRESS = /^parley:([^:]{1,40}):(status|final|note):(\d{1,3}):([a-z]+)(?::([^:]*))?$/;

/** A button's `custom_id`: the delivery mark of its message, and what the button does. */
export const formatPress = ({ mark: { turn, kind, chunk }, action, about }: Press): string =>
  `parley:${turn}:${kind}:${chunk}:${action}${about === "" ? "" : `:${about}`}`;

const isAction = (word: string): word is Action => ACTIONS.some((action) => action === word);
const KINDS = { status: "status", final: "final", note: "note" } as const;
const isKind = (word: string): word is DeliveryMark["kind"] => Object.hasOwn(KINDS, word);

/** undefined: not one of Parley's buttons. */
export function parsePress(customId: string): Press | undefined {
  const [, turn = "", kind = "", chunk = "", action = "", about = ""] = PRESS.exec(customId) ?? [];
  if (!isKind(kind) || !isAction(action)) return undefined;
  return { mark: { turn: TurnId.parse(turn), kind, chunk: Number(chunk) }, action, about };
}

/** Discord's limit for a button's label. */
const LONGEST_LABEL = 80;

export interface Button {
  readonly label: string;
  readonly action: Action;
  readonly about?: string;
  readonly style?: "danger" | "success" | "primary";
  readonly emoji?: string;
  readonly disabled?: boolean;
}

export const WHY: Button = { label: "Why", action: "why" };
export const RETRY: Button = { label: "Retry…", action: "retry" };

/** Components as Discord's API defines them. */
export type Components = readonly unknown[];

const STYLES = {
  danger: ButtonStyle.Danger,
  success: ButtonStyle.Success,
  primary: ButtonStyle.Primary,
} as const;

/** Rows of buttons with the message's delivery mark. Empty rows are left out. */
export const buttonRows = (mark: DeliveryMark, rows: readonly (readonly Button[])[]): Components =>
  rows
    .filter((row) => row.length > 0)
    .map((row) => ({
      type: ComponentType.ActionRow,
      components: row.map((button) => componentOf(mark, button)),
    }));

/** A button as Discord's API defines it. */
export const componentOf = (
  mark: DeliveryMark,
  { label, action, about = "", style, emoji, disabled }: Button,
) => ({
  type: ComponentType.Button,
  style: style ? STYLES[style] : ButtonStyle.Secondary,
  custom_id: formatPress({ mark, action, about }),
  ...(label !== "" && { label: cutLine(label, LONGEST_LABEL) }),
  ...(emoji && { emoji: { name: emoji } }),
  ...(disabled && { disabled }),
});
