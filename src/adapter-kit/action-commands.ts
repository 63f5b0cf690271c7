import { quoted } from "../commands/command-options.ts";
import type { TurnId } from "../ids.ts";

/** What people choose with a button, a reaction or a form. */
export type Action =
  /** `turn`: this turn only, so that an old button does not stop a later turn; absent: the running one. */
  | { readonly type: "stop"; readonly turn?: TurnId | undefined }
  /** `turn`: the best answer of this turn only; absent: of the running or last one. */
  | { readonly type: "finish"; readonly turn?: TurnId | undefined }
  | { readonly type: "why"; readonly turn: TurnId }
  /** `turn`: whose question is answered again; absent: the last one. `team`: absent: the team that answers there. */
  | {
      readonly type: "retry";
      readonly turn?: TurnId | undefined;
      readonly team?: string | undefined;
    }
  /** `message`: id of a queued message. */
  | { readonly type: "steer" | "restart"; readonly message: string }
  /** `answer`: label of a current answer. */
  | { readonly type: "prefer"; readonly answer: string }
  /** `team`: undefined: no longer a team of its own. */
  | {
      readonly type: "switch";
      readonly team: string | undefined;
      readonly scope: "channel" | "space";
    }
  /** `key`: "" removes it. */
  | { readonly type: "key"; readonly provider: string; readonly key: string };

/** The shared command that carries out an action, as people could type it: adapters pass it to `Intake.command`. */
export function actionCommand(action: Action): string {
  switch (action.type) {
    case "stop":
      return `stop${ofTurn(action.turn)}`;
    case "finish":
      return `finish${ofTurn(action.turn)}`;
    case "why":
      return `why ${action.turn}`;
    case "retry":
      return `retry${withTeam(action.team)}${ofTurn(action.turn)}`;
    case "steer":
    case "restart":
      return `${action.type} ${action.message}`;
    case "prefer":
      return `prefer ${action.answer}`;
    case "switch":
      return `${switchTo(action.team)} --${action.scope}`;
    case "key":
      return keyCommand(action);
  }
}

const ofTurn = (turn: TurnId | undefined): string => (turn === undefined ? "" : ` of ${turn}`);

const withTeam = (team: string | undefined): string =>
  team === undefined ? "" : ` with ${quoted(team)}`;

const switchTo = (team: string | undefined): string =>
  team === undefined ? "team reset" : `team use ${quoted(team)}`;

const keyCommand = ({ provider, key }: Extract<Action, { type: "key" }>): string =>
  key === "" ? `keys remove ${provider}` : `keys set ${provider} ${key}`;
