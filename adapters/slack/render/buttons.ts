import type { TurnId } from "../../../src/ids.ts";
import type { StatusView, WaitingMessage } from "../../../src/progress/status-view.ts";
import { type Block, button, type Button, plainText } from "./blocks.ts";

/** The `action_id`s of Parley's buttons. */
export const ACTIONS = {
  stop: "parley_stop",
  finish: "parley_finish",
  details: "parley_details",
  why: "parley_why",
  retry: "parley_retry",
  up: "parley_up",
  down: "parley_down",
  steer: "parley_steer",
  restart: "parley_restart",
  prefer: "parley_prefer",
  switch: "parley_switch",
  keys: "parley_keys",
  table: "parley_table",
} as const;
export type Action = keyof typeof ACTIONS;

const ACTION_ID = /^parley_([a-z]+)$/;
export const ANY_ACTION = /^parley_/;

const isAction = (name: string): name is Action => Object.hasOwn(ACTIONS, name);

/** The action of an `action_id`; undefined: the button is not Parley's. */
export function actionOf(id: string): Action | undefined {
  const name = ACTION_ID.exec(id)?.[1] ?? "";
  return isAction(name) ? name : undefined;
}

export const whyButton = (turn: TurnId): Button =>
  button({
    action: ACTIONS.why,
    value: turn,
    text: "Why",
    label: "Why this answer: all answers, votes, reasons and cost",
  });

export const retryButton = (turn: TurnId): Button =>
  button({
    action: ACTIONS.retry,
    value: turn,
    text: "Retry…",
    label: "Answer again, also with another team",
  });

export const detailsButton = (turn: TurnId): Button =>
  button({
    action: ACTIONS.details,
    value: turn,
    text: "Details",
    label: "The answers, and your vote while the turn runs",
  });

/** In the modal, which holds no tables: shows the votes as one below the answer. */
export const tableButton = (turn: TurnId): Button =>
  button({
    action: ACTIONS.table,
    value: turn,
    text: "Show as table",
    label: "Show the votes to you alone, as a table that sorts",
  });

/** Posts the best answer so far. */
export const finishButton = (turn: TurnId, text: string): Button =>
  button({
    action: ACTIONS.finish,
    value: turn,
    text,
    label: "Post the best answer so far",
    style: "primary",
  });

/** Of a running turn. */
export const statusButtons = ({ turn, answers }: StatusView): readonly Button[] => [
  ...(answers > 0 ? [finishButton(turn, "Answer now")] : []),
  button({
    action: ACTIONS.stop,
    value: turn,
    text: "Stop",
    style: "danger",
    label: "Stop this turn",
  }),
  detailsButton(turn),
];

export const answerButtons = (turn: TurnId): readonly Button[] => [
  whyButton(turn),
  retryButton(turn),
];

const RATINGS = {
  up: { text: "👍", label: "A good answer" },
  down: { text: "👎", label: "Not a good answer" },
} as const;

/** Where Slack's own feedback buttons are not taken. */
export const rateButtons = (turn: TurnId): readonly Button[] =>
  (["up", "down"] as const).map((verdict) =>
    button({ action: ACTIONS[verdict], value: turn, ...RATINGS[verdict] }),
  );

/** Two buttons that show which one was pressed. */
export function feedbackBlock(turn: TurnId): Block {
  const half = (verdict: keyof typeof RATINGS) => ({
    text: plainText(RATINGS[verdict].text, 75),
    value: `${turn}:${verdict}`,
    accessibility_label: RATINGS[verdict].label,
  });
  return {
    type: "context_actions",
    elements: [
      {
        type: "feedback_buttons",
        action_id: FEEDBACK_ACTION,
        positive_button: half("up"),
        negative_button: half("down"),
      },
    ],
  };
}

const FEEDBACK_ACTION = "parley_feedback";

/** A click on one of the two; undefined: on something else. */
export function readFeedback(id: string, value: string) {
  const [, turn = "", verdict] = /^(.{1,60}):(up|down)$/.exec(value) ?? [];
  if (id !== FEEDBACK_ACTION || (verdict !== "up" && verdict !== "down")) return undefined;
  return { action: verdict, value: turn } as const;
}

export const waitingButtons = ({ id }: WaitingMessage): readonly Button[] => [
  button({
    action: ACTIONS.steer,
    value: id,
    text: "Add to this turn",
    label: "Add the queued message to the running turn",
  }),
  button({
    action: ACTIONS.restart,
    value: id,
    text: "Start over with it",
    label: "Stop the running turn and answer this message instead",
  }),
];

/** `callback_id` of the message shortcut. */
export const ASK_SHORTCUT = "parley_ask";
