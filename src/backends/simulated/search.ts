import { formatFact, type Fact, type Statement } from "./thread-facts.ts";

/** An answer found in the thread. */
export interface Finding {
  readonly kind:
    | "sum"
    | "talk"
    | "fact"
    | "choice"
    | "noted"
    | "recap"
    | "quoted"
    | "earlier"
    | "nothing";
  /** The answer, as a sentence or a list. */
  readonly claim: string;
  /** The source message; null if there is none. */
  readonly source: { readonly author: string; readonly sentence: string } | null;
  /** What a correct answer must contain. */
  readonly key: string;
}

/** A question and the material that may answer it. */
export interface Search {
  readonly question: string;
  /** Its keywords. */
  readonly wanted: ReadonlySet<string>;
  readonly asker: string;
  /** Facts from the thread, oldest first, without those replaced later. */
  readonly facts: readonly Fact[];
  /** Facts from the request itself. */
  readonly newFacts: readonly Fact[];
  readonly statements: readonly Statement[];
  /** Parley's earlier answers. */
  readonly finals: readonly string[];
  /** 0 ≤ x < 1: the agent's preference if the thread does not decide. */
  readonly taste: number;
}

/** One way to find an answer; null if it does not apply. */
export type Finder = (search: Search) => Finding | null;

export const asSentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);

export const listed = (opening: string, facts: readonly Fact[], asker: string): string =>
  [opening, ...facts.map((fact) => `- ${asSentence(formatFact(fact, asker))}`)].join("\n");
