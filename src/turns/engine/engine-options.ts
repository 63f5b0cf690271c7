import type { Clock } from "../../clock.ts";
import type { ConversationId } from "../../ids.ts";
import type { Store } from "../../store/store.ts";
import type { Turn } from "../../store/tables/turn.ts";
import type { TurnEngine } from "./engine.ts";

export type CreateEngine = (options: EngineOptions) => TurnEngine;

/** What both engines are made from. */
export interface EngineOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** The platforms whose turns this process can run, once it starts; the others' wait for a process that can. */
  readonly platforms: () => readonly string[];
  /** Turns that this process runs at the same time. */
  readonly concurrency: number;
  /** Starts of one turn, crashes included, before it is given up. */
  readonly attempts: number;
  /** Between two starts of a turn that could not be run, ms. */
  readonly retryMs: number;
  /** How long an interrupted turn may take to let go, ms. */
  readonly leaveMs: number;
  /** A turn is given up: its person is to be told, once, and what its inbox holds taken care of. The conversation goes on when this has settled. */
  readonly onGivenUp: (turn: Turn, error: unknown) => Promise<void>;
  /** What could not be done and is tried again; null: it concerns no one conversation. */
  readonly onProblem: (problem: unknown, conversation: ConversationId | null) => void;
}
