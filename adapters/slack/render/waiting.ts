import type { types } from "@slack/bolt";
import { formatCount } from "../../../src/progress/format.ts";
import {
  hasEnded,
  type StatusView,
  type WaitingMessage,
} from "../../../src/progress/status-view.ts";
import { actions, type Block, context, option, plainText, safeText } from "./blocks.ts";
import { waitingButtons } from "./buttons.ts";

/** How many queued messages have a line and buttons of their own; more share one menu. */
const MOST_WAITING = 3;
/** How many the menu holds: all texts of a message have 13,000 characters together. */
const MOST_OPTIONS = 12;
const MENU_ACTION = "parley_waiting";

/** The messages that wait for a running turn, and what people can do with them. */
export function waitingBlocks(view: StatusView): readonly Block[] {
  const { waiting } = view;
  if (waiting.length === 0 || hasEnded(view)) return [];
  if (waiting.length <= MOST_WAITING) return waiting.flatMap(waitingBlock);
  return [
    ...context([`⏸️ ${formatCount(waiting.length, "message")} waiting`]),
    { type: "actions", elements: [menu(waiting)] },
  ];
}

const waitingBlock = (message: WaitingMessage): readonly Block[] => [
  ...context([`⏸️ Waiting: ${quote(message)}`]),
  ...actions(waitingButtons(message)),
];

const authorOf = ({ author }: WaitingMessage): string => (author === "" ? "a message" : author);

const quote = (message: WaitingMessage): string =>
  `${safeText(authorOf(message))}: “${safeText(message.excerpt)}”`;

function menu(waiting: readonly WaitingMessage[]): types.StaticSelect {
  const choices = (action: "steer" | "restart") =>
    waiting
      .slice(0, MOST_OPTIONS)
      .map((message) =>
        option(`${authorOf(message)}: ${message.excerpt}`, `${action} ${message.id}`),
      );
  return {
    type: "static_select",
    action_id: MENU_ACTION,
    placeholder: plainText("Use one of them now…", 150),
    option_groups: [
      { label: plainText("Add to this turn", 75), options: choices("steer") },
      { label: plainText("Start over with it", 75), options: choices("restart") },
    ],
  };
}

/** What was chosen in the menu; undefined: something else was pressed. */
export function readWaiting(id: string, value: string) {
  const [, action, message = ""] = /^(steer|restart) (\S{1,100})$/.exec(value) ?? [];
  if (id !== MENU_ACTION || (action !== "steer" && action !== "restart")) return undefined;
  return { action, value: message } as const;
}
