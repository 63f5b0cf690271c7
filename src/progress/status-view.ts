import type { AgentId, TurnId } from "../ids.ts";

export type AgentStatus =
  | "waiting"
  | "answering"
  | "answered"
  | "reviewing"
  | "voted"
  | "presenting"
  | "retrying"
  | "failed";

export interface AgentLine {
  readonly agent: AgentId;
  readonly name: string;
  /** Under which label its answer stands ("A"); null before it has one. */
  readonly label: string | null;
  readonly status: AgentStatus;
  /** Number of its standing revision; 0: none. */
  readonly revision: number;
  /** Milliseconds in the present status. */
  readonly elapsedMs: number;
  /** In and out, finished moves only. */
  readonly tokens: number;
  /** Why it retries or failed, in a few words. */
  readonly note: string | null;
}

export interface TallyLine {
  readonly label: string;
  readonly agent: AgentId;
  readonly name: string;
  /** Mean centred score (−10…10), or votes under `plurality`; null: nobody has scored it. */
  readonly score: number | null;
  readonly leads: boolean;
}

/** A turn as a person sees it while it runs, and as the short record that stays: plain data that every adapter renders. */
export interface StatusView {
  readonly turn: TurnId;
  readonly team: string;
  readonly phase:
    | "routing"
    | "answering"
    | "reviewing"
    | "presenting"
    | "answered"
    | "stopped"
    | "failed";
  readonly elapsedMs: number;
  /** Review round under way; 0 while first answers come. */
  readonly round: number;
  readonly agents: readonly AgentLine[];
  readonly tally: readonly TallyLine[];
  readonly tokens: number;
  /** null: a price is unknown. */
  readonly costUsd: number | null;
  /** Messages waiting for the next turn of this conversation. */
  readonly queued: number;
  /** The answer as it streams, for a lone agent; "" otherwise. */
  readonly preview: string;
  /** A line for people: "stopped by Ada", "all agents failed: …"; "" if none. */
  readonly note: string;
}
