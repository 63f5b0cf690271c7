import type { Clock } from "../../clock.ts";
import type { ConversationId } from "../../ids.ts";
import type { Store } from "../../store/store.ts";
import type { Turn } from "../../store/tables/turn.ts";
import type { TurnEngine } from "./engine.ts";

export type CreateEngine = (options: EngineOptions) => TurnEngine;

/** Options of both engines. */
export interface EngineOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** The platforms whose turns this process can run; other turns wait for a process that serves their platform. */
  readonly platforms: () => readonly string[];
  /** Turns that this process runs at the same time. */
  readonly concurrency: number;
  /** Starts of one turn, crashes included, before the engine gives it up. */
  readonly attempts: number;
  /** Delay between two starts of a failing turn, ms. */
  readonly retryMs: number;
  /** How long an interrupted turn may take to end, ms. */
  readonly leaveMs: number;
  /** The engine gives a turn up: tell its person once and handle its inbox. The next turn of the conversation starts when this has settled. */
  readonly onGivenUp: (turn: Turn, error: unknown) => Promise<void>;
  /** Called when a turn finds no room here. Must not throw. */
  readonly onFull?: () => void;
  /** Reports a failure that the engine retries; null: it belongs to no single conversation. */
  readonly onProblem: (problem: unknown, conversation: ConversationId | null) => void;
}
