import type { Finding } from "../coordination/check-result.ts";

/** What a check reads of an answer. */
export interface CheckedAnswer {
  /** Markdown, without its claim line. */
  readonly text: string;
  /** Its result in a few words; null: it named none. */
  readonly claim: string | null;
}

/** Looks at an answer without a model, so that it does not share the models' errors. */
export interface Check {
  /** As reviewers and people read it: "arithmetic". */
  readonly name: string;
  /**
   * What it found, in the order of the text; empty: there is nothing for it in the answer. It says nothing where it is not certain. It may reject, hang
   * or find too much: `createChecks` bounds it. `signal` aborts when nobody needs the result any more.
   */
  run(answer: CheckedAnswer, signal: AbortSignal): Promise<readonly Finding[]>;
}
