import { ButtonStyle, ComponentType } from "discord.js";
import type { DeliveryMark } from "../../../src/platform.ts";
import { type Action, formatPress } from "../parse/mark.ts";
import { cutLine } from "../threads/thread-name.ts";

/** Discord's limit for what stands on a button. */
const LONGEST_LABEL = 80;

export interface Button {
  readonly label: string;
  readonly action: Action;
  readonly about?: string;
  readonly style?: "danger" | "success";
  readonly emoji?: string;
  readonly disabled?: boolean;
}

/** Components as Discord's API has them. */
export type Components = readonly unknown[];

const STYLES = { danger: ButtonStyle.Danger, success: ButtonStyle.Success } as const;

/** Rows of buttons that carry the message's mark. Empty rows are left out. */
export const buttonRows = (mark: DeliveryMark, rows: readonly (readonly Button[])[]): Components =>
  rows
    .filter((row) => row.length > 0)
    .map((row) => ({
      type: ComponentType.ActionRow,
      components: row.map((button) => component(mark, button)),
    }));

const component = (
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
