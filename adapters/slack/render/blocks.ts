import type { types } from "@slack/bolt";
import { showMoments } from "../../../src/progress/moments.ts";
import { cutText, escapeText, withoutPings } from "./escape.ts";

export type Block = types.KnownBlock;
export type Button = types.Button;

/** A message as Slack takes it. */
export interface SlackText {
  /** Slack's marks, escaped. With blocks: what notifications and screen readers say. */
  readonly text: string;
  readonly blocks?: readonly object[];
}

/** Longest texts, in UTF-16 code units: https://docs.slack.dev/reference/block-kit/blocks */
const LONGEST = { section: 3_000, context: 2_000, header: 150, button: 75, option: 75 } as const;

/** Escapes plain text for places where Slack reads its marks, and breaks mentions. */
export const safeText = (text: string): string => escapeText(withoutPings(text));

/** `safeText`, with moments that Slack shows in each reader's time zone. */
export const told = (text: string): string =>
  showMoments(
    safeText(text),
    (seconds, moment) => `<!date^${seconds}^{date_short_pretty} {time}|${moment}>`,
  );

/** `text` holds Slack's marks, escaped. */
export const mrkdwn = (text: string, most: number = LONGEST.section): types.MrkdwnElement => ({
  type: "mrkdwn",
  text: cutText(text, most) || " ",
  // Slack must not turn what only looks like a name into a mention.
  verbatim: true,
});

export const plainText = (text: string, most: number): types.PlainTextElement => ({
  type: "plain_text",
  text: cutText(withoutPings(text), most) || " ",
  emoji: true,
});

export const section = (
  text: string,
  accessory?: types.SectionBlockAccessory,
): types.SectionBlock => ({
  type: "section",
  text: mrkdwn(text),
  expand: true,
  ...(accessory && { accessory }),
});

/** Small grey lines. */
export const context = (lines: readonly string[]): readonly Block[] =>
  lines.length === 0
    ? []
    : [
        {
          type: "context",
          elements: [mrkdwn(lines.join("\n"), LONGEST.context)],
        },
      ];

export const header = (text: string): Block => ({
  type: "header",
  text: plainText(text, LONGEST.header),
});

export const DIVIDER: Block = { type: "divider" };

export const actions = (buttons: readonly Button[]): readonly Block[] =>
  buttons.length === 0 ? [] : [{ type: "actions", elements: [...buttons] }];

export interface ButtonLook {
  readonly action: string;
  readonly value: string;
  readonly text: string;
  /** Said by screen readers in place of the text. */
  readonly label?: string;
  readonly style?: "primary" | "danger";
}

export const button = ({ action, value, text, label, style }: ButtonLook): Button => ({
  type: "button",
  action_id: action,
  value,
  text: plainText(text, LONGEST.button),
  ...(label !== undefined && { accessibility_label: cutText(label, LONGEST.button) }),
  ...(style && { style }),
});

export const option = (text: string, value: string): types.PlainTextOption => ({
  text: plainText(text, LONGEST.option),
  value,
});
