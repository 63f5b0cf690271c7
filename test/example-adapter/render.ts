import {
  type PlainText,
  plainFooter,
  plainReply,
  plainStatus,
} from "../../src/adapter-kit/text/plain-layout.ts";
import { actionCommand } from "../../src/adapter-kit/action-commands.ts";
import type { CommandReply } from "../../src/reply.ts";
import type { Outgoing } from "../../src/platform.ts";
import { hasEnded } from "../../src/progress/status-view.ts";

/** Lines shows plain text; a line break inside a name would look like a line of its own. */
const PLAIN: PlainText = { escape: (text) => text.replaceAll(/\s*\n\s*/g, " "), maxLength: 4_000 };

/** Stands between an answer and its footer, so that the footer is cut when the answer is read back. */
const RULE = "\n\n⎯⎯⎯\n";

export interface Rendered {
  readonly text: string;
  /** Command texts that people can choose on the message. */
  readonly actions: readonly string[];
}

export function renderOutgoing(content: Outgoing): Rendered {
  switch (content.kind) {
    case "status": {
      const { view } = content;
      const actions = hasEnded(view)
        ? [actionCommand({ type: "retry", turn: view.turn })]
        : [actionCommand({ type: "stop", turn: view.turn }), "status"];
      return { text: plainStatus(view, PLAIN), actions };
    }
    case "final": {
      const isLast = content.chunk === content.chunks - 1;
      const answer = (content.file?.text ?? content.text).replaceAll(RULE, "\n\n");
      const footer = isLast ? `${RULE}${plainFooter(content.view.footer, PLAIN)}` : "";
      const { turn } = content.view;
      const actions = [
        actionCommand({ type: "why", turn }),
        actionCommand({ type: "retry", turn }),
      ];
      return { text: `${answer}${footer}`, actions: isLast ? actions : [] };
    }
    case "note":
      return { text: content.text, actions: [] };
  }
}

export const renderReply = (reply: CommandReply): string => plainReply(reply, PLAIN);

/** The answer without its footer. */
export const answerOf = (text: string): string => text.split(RULE)[0] ?? "";
