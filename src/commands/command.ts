import type { Provider } from "../backends/keys.ts";
import type { Limit } from "../budgets/limit.ts";
import type { SetReach } from "../budgets/reach.ts";
import type { TurnId } from "../ids.ts";
import type { Scope } from "../teams/bindings.ts";
import type { ListeningMode } from "../teams/listening.ts";

/** A shared command, understood. */
export type Command =
  | { readonly name: "help"; readonly topic: string | null }
  | {
      readonly name: "ask";
      readonly text: string;
      readonly team: string | null;
      /** The whole team answers, whatever its mode says. */
      readonly forceTeam: boolean;
    }
  | { readonly name: "team list" | "team reload" | "team validate" }
  | { readonly name: "team show"; readonly team: string | null }
  | { readonly name: "team use"; readonly team: string; readonly scope: Scope }
  | { readonly name: "team reset"; readonly scope: Scope }
  | { readonly name: "agents list" | "agents reset" }
  | {
      readonly name: "agents add" | "agents drop" | "agents only";
      readonly agents: readonly string[];
    }
  | { readonly name: "status" | "version" }
  /** A turn; null: the one that runs. */
  | { readonly name: "stop"; readonly turn: TurnId | null }
  /** A turn; null: the one that runs, else the last one. */
  | { readonly name: "why" | "why --timing"; readonly turn: TurnId | null }
  /** A label of a standing answer, or its agent's name. */
  | { readonly name: "prefer"; readonly answer: string }
  /** Whose question is answered again; null: the last one's. */
  | { readonly name: "retry"; readonly team: string | null; readonly turn: TurnId | null }
  /** A message that waits behind the running turn; null: the latest of them. */
  | { readonly name: "steer" | "restart"; readonly message: string | null }
  /** null: says what is set; `reset`: what is set further out decides. */
  | {
      readonly name: "listen";
      readonly mode: ListeningMode | "reset" | null;
      readonly scope: Scope;
    }
  | { readonly name: "usage"; readonly scope: Scope; readonly period: Period }
  | { readonly name: "budget show" }
  | { readonly name: "budget set"; readonly limit: Limit; readonly reach: SetReach }
  | { readonly name: "budget reset"; readonly reach: SetReach }
  | {
      readonly name: "budget allow";
      /** How many turns (null: all), and for how long (null: until the day ends); null: none any more. */
      readonly grant: { readonly turns: number | null; readonly ms: number | null } | null;
      readonly scope: Scope;
    }
  | { readonly name: "keys show" }
  | { readonly name: "keys set"; readonly provider: Provider; readonly key: string }
  | { readonly name: "keys remove"; readonly provider: Provider };

export type CommandName = Command["name"];

/** The command of one name, out of the members that carry several. */
export type CommandOf<N extends CommandName, C = Command> = C extends { readonly name: infer M }
  ? N extends M
    ? C
    : never
  : never;

/** How far back `usage` looks. */
export type Period = (typeof PERIODS)[number];
export const PERIODS = ["day", "week", "month", "all"] as const;

/** Words that are no command. */
export interface ParseProblem {
  readonly name: "problem";
  /** What is wrong, a sentence. */
  readonly problem: string;
  /** What to write instead, as people type it. */
  readonly suggestions: readonly string[];
}
