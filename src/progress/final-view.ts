import type { AgentId, TurnId } from "../ids.ts";

/** What stands under a final answer. Adapters write it small. */
export interface Footer {
  readonly presenter: string;
  readonly team: string;
  /** "A 2.3 · B −0.5", or "" when nobody voted. */
  readonly tally: string;
  readonly elapsedMs: number;
  /** null: a price is unknown. */
  readonly costUsd: number | null;
  readonly tokens: number;
  /** What was cut, which limit was reached, why an unelected answer is shown, "simulated": a sentence each. */
  readonly notes: readonly string[];
}

/** The runner-up and the most shared objection, shown when the vote is split. */
export interface SplitView {
  readonly name: string;
  readonly label: string;
  readonly text: string;
  readonly objection: string | null;
}

/** A final answer, before delivery splits it for its platform. */
export interface FinalView {
  readonly turn: TurnId;
  readonly presenter: AgentId;
  /** Markdown. */
  readonly text: string;
  readonly split: SplitView | null;
  readonly footer: Footer;
}
