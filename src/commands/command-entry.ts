import type { Level } from "../platform.ts";
import type { Scope } from "../teams/bindings.ts";
import type { CommandName, CommandOf } from "./command.ts";
import type { CommandOption } from "./command-options.ts";

/** All that help, forms and adapters know of a command. */
export interface CommandEntry {
  /** What follows the name. */
  readonly usage: string;
  readonly summary: string;
  /** By how far it reaches, where it has a scope. */
  readonly level: Level | Readonly<Record<Scope, Level>>;
  /** What a form asks for, by what the command carries; null: no form asks for it. */
  readonly options: Readonly<Record<string, CommandOption | null>>;
  /** Makes of it the command with a flag in its name: `why --timing`. */
  readonly variant?: CommandOption;
  /** `thread`: one thread, the one it is given in; `any thread`: that one, or one named from its channel; `anything`: its scope, or no place. */
  readonly about: "thread" | "any thread" | "anything";
  /** `begins`: a turn follows, and its answer; `during`: it is for the turn that runs, and never waits for its end; `none`: neither. */
  readonly turn: "begins" | "during" | "none";
  /** Who sees the reply; of a refusal, the asker alone. */
  readonly repliesTo: "asker" | "everyone";
}

/** An entry for every command, with an option for everything that the command carries: leaving one out does not compile. */
export type CommandTable = {
  readonly [N in CommandName]: CommandEntry & {
    readonly options: {
      readonly [Field in Exclude<keyof CommandOf<N>, "name">]: CommandOption | null;
    };
  };
};

/** What several commands have in common. */
export const TELLS = { about: "anything", turn: "none", repliesTo: "asker" } as const;
export const SETS = { about: "anything", turn: "none", repliesTo: "everyone" } as const;
