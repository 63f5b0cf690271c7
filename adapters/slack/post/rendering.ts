import type { CommandReply } from "../../../src/reply.ts";
import type { Outgoing } from "../../../src/platform.ts";
import type { StatusView } from "../../../src/progress/status-view.ts";

/** A message as Slack takes it. */
export interface SlackText {
  /** Slack's marks, escaped. With blocks: what notifications and screen readers say. */
  readonly text: string;
  readonly blocks?: readonly object[];
}

/** How what Parley says looks in Slack: pure functions. */
export interface Rendering {
  status(view: StatusView): SlackText;
  /**
   * `text` holds the part's whole Markdown, escaped: the history of a thread is read from it when the ledger is gone. Its file is shared by
   * the adapter, before the message.
   */
  final(content: Extract<Outgoing, { kind: "final" }>): SlackText;
  note(text: string): SlackText;
  reply(reply: CommandReply): SlackText;
}

export function render(content: Outgoing, rendering: Rendering): SlackText {
  switch (content.kind) {
    case "status":
      return rendering.status(content.view);
    case "final":
      return rendering.final(content);
    case "note":
      return rendering.note(content.text);
  }
}
