import { formatFact, type Fact, type Statement } from "./thread-facts.ts";

/** What the thread itself answers to a request. */
export interface Finding {
  readonly kind: "sum" | "fact" | "choice" | "noted" | "recap" | "quoted" | "earlier" | "nothing";
  /** The answer, in a sentence or a list. */
  readonly claim: string;
  /** Where it comes from; null: from no message. */
  readonly source: { readonly author: string; readonly sentence: string } | null;
  /** What an answer must hold to be right. */
  readonly key: string;
}

/** One question and what may answer it. */
export interface Search {
  readonly question: string;
  /** Its keywords. */
  readonly wanted: ReadonlySet<string>;
  readonly asker: string;
  /** What the thread says is so, oldest first, without what was said anew later. */
  readonly facts: readonly Fact[];
  /** Those of the request itself. */
  readonly newFacts: readonly Fact[];
  readonly statements: readonly Statement[];
  /** Parley's earlier answers. */
  readonly finals: readonly string[];
  /** 0 ≤ x < 1: what the seat prefers where the thread does not decide. */
  readonly taste: number;
}

/** One way to answer; null: it does not apply. */
export type Finder = (search: Search) => Finding | null;

export const asSentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);

export const listed = (opening: string, facts: readonly Fact[], asker: string): string =>
  [opening, ...facts.map((fact) => `- ${asSentence(formatFact(fact, asker))}`)].join("\n");
