import type { AgentId } from "../ids.ts";
import type { CheckResult } from "./check-result.ts";
import type { Failed } from "./failed.ts";
import type { QueueCause } from "./queue-events.ts";
import type { FailureClass, MoveKind, RevisionId } from "./turn-event.ts";
import type { Estimate, Usage } from "./usage.ts";

/** A current revision as one reader sees it. */
export interface ShownRevision {
  readonly revision: RevisionId;
  /** "A", "B", …: stable within a turn, says nothing about who wrote it. */
  readonly label: string;
  readonly text: string;
  /** The reader wrote it itself. */
  readonly own: boolean;
  /** Its model's output limit cut it. */
  readonly cut?: boolean;
  /** What checks found in it; absent: nothing. */
  readonly checks?: readonly CheckResult[];
}

/** A move that the core requests from an agent. */
export interface MoveRequest {
  /** Unique in the turn: `{agent}:{kind}:{n}`. */
  readonly id: string;
  readonly agent: AgentId;
  readonly kind: MoveKind;
  /** In the order to be read, own answer last. For `present`: the elected revision first. */
  readonly shown: readonly ShownRevision[];
  readonly mayRevise: boolean;
  /** An answer ends with a claim line, and a review names answers that come to the same. */
  readonly claims?: true;
  /** A review gives chances in percent in place of scores. */
  readonly chances?: true;
  /** The agent sees the first n messages of the inbox. */
  readonly steering: number;
}

/** A score as the model gave it, by the label it saw. */
export interface LabelScore {
  readonly label: string;
  /** 0–10; out-of-range values are clamped before they get here. */
  readonly score: number;
}

/** Two labels whose answers come to the same result, as a reviewer sees it. */
export interface LabelPair {
  readonly label: string;
  readonly sameAs: string;
}

export interface LabelObjection {
  readonly label: string;
  readonly text: string;
}

/** How a move ended, in the words of the model: labels, not revisions. The core translates. */
export type MoveResult =
  | {
      readonly kind: "answered";
      readonly text: string;
      /** Its result in a few words, if it named one. */
      readonly claim?: string;
      /** The output limit cut the text, and the rest could not be had. */
      readonly cut?: boolean;
      readonly scores: readonly LabelScore[];
      readonly reason: string;
      readonly objection?: LabelObjection;
      readonly same?: readonly LabelPair[];
      readonly usage: Usage;
    }
  | {
      readonly kind: "voted";
      readonly scores: readonly LabelScore[];
      readonly reason: string;
      readonly objection?: LabelObjection;
      readonly same?: readonly LabelPair[];
      readonly usage: Usage;
    }
  | { readonly kind: "abstained"; readonly reason: string; readonly usage: Usage }
  | ({
      readonly kind: "failed";
      readonly usage: Usage | null;
    } & Failed);

export interface MoveRetry {
  readonly attempt: number;
  readonly failure: FailureClass;
  readonly message: string;
  readonly delayMs: number;
  readonly backend?: string;
}

/** What a call waits for before it is sent. */
export interface QueueWait {
  readonly cause: QueueCause;
  /** Milliseconds until the provider's pause ends; null: unknown. */
  readonly resumesInMs: number | null;
}

/** Called while a call waits for room, and when it is sent. */
export interface QueueHooks {
  /** The call waits, or now waits for something else. */
  readonly onQueued: (wait: QueueWait) => void;
  /** The call is sent, whether or not it has waited. */
  readonly onSent: () => void;
}

/** Hooks of a running move. */
export interface MoveHooks extends QueueHooks {
  /** Aborted when the move is stale, stopped, closed or timed out; its later result is ignored. */
  readonly signal: AbortSignal;
  readonly onRetry: (retry: MoveRetry) => void;
  /** Text as it streams; `reset` when a retry starts the text over. Never journaled. */
  readonly onDelta: (delta: { text: string; reset: boolean }) => void;
  /** Called when a request is sent and while it streams. `read` returns the usage of the move so far. */
  readonly onUsage: (read: () => Usage) => void;
}

/** Estimates a move, to check it against the budgets before it starts. */
export type EstimateMove = (move: MoveRequest) => Promise<Estimate>;
