import type { Provider } from "../backends/keys.ts";
import type { Limit } from "../budgets/limit.ts";
import type { SetReach } from "../budgets/reach.ts";
import type { TurnId } from "../ids.ts";
import type { Verdict } from "../progress/rating-words.ts";
import type { Scope } from "../teams/bindings.ts";
import type { ListeningMode } from "../teams/listening.ts";

/** A parsed shared command. */
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
  /** A turn; null: the running one. */
  | { readonly name: "stop"; readonly turn: TurnId | null }
  /** A turn; null: the running one, else the last one. */
  | { readonly name: "finish"; readonly turn: TurnId | null }
  /** A turn; null: the running one, else the last one. */
  | { readonly name: "why" | "why --timing"; readonly turn: TurnId | null }
  /** The label of a current answer, or the name of its agent. */
  | { readonly name: "prefer"; readonly answer: string }
  /** The turn whose answer is rated; null: the last one that was answered. No verdict: the rating is withdrawn. */
  | {
      readonly name: "rate";
      readonly verdict: Verdict | null;
      readonly reason: string | null;
      readonly turn: TurnId | null;
    }
  /** The turn whose question is answered again; null: the last one. */
  | { readonly name: "retry"; readonly team: string | null; readonly turn: TurnId | null }
  /** What to tell the agents, or the id of a queued message; null: the latest queued message. */
  | { readonly name: "steer"; readonly message: string | null }
  /** A queued message; null: the latest one. */
  | { readonly name: "restart"; readonly message: string | null }
  /** null: shows the mode; `reset`: the wider scope decides. */
  | {
      readonly name: "listen";
      readonly mode: ListeningMode | "reset" | null;
      readonly scope: Scope;
    }
  | { readonly name: "usage"; readonly scope: Scope; readonly period: Period }
  | { readonly name: "stats models" }
  /** `sure`: the asker has confirmed it. */
  | { readonly name: "stats models reset"; readonly sure: boolean }
  | { readonly name: "budget show" }
  | { readonly name: "budget set"; readonly limit: Limit; readonly reach: SetReach }
  | { readonly name: "budget reset"; readonly reach: SetReach }
  | {
      readonly name: "budget allow";
      /** How many turns (null: all) and for how long (null: until the day ends). A null grant ends the permission. */
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

/** Input that is not a command. */
export interface ParseProblem {
  readonly name: "problem";
  /** What is wrong, a sentence. */
  readonly problem: string;
  /** What to write instead, as people type it. */
  readonly suggestions: readonly string[];
}
