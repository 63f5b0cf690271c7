import type { BackendConfig } from "../../backends/config.ts";
import type { Env } from "../../backends/keys.ts";
import type { Budgets } from "../../budgets/budgets.ts";
import type { Clock } from "../../clock.ts";
import type { Calibration } from "../../context/calibration.ts";
import type { TurnEvent } from "../../coordination/turn-event.ts";
import type { TurnState } from "../../coordination/turn-state.ts";
import type { ConversationId, TurnId } from "../../ids.ts";
import type { StatusMessage } from "../../delivery/status-message.ts";
import type { ThreadHistory } from "../../platform.ts";
import type { TurnSummary } from "../../progress/turn-summary.ts";
import type { Store } from "../../store/store.ts";
import type { Turn } from "../../store/tables/turn.ts";
import type { TurnEngine } from "../engine/engine.ts";
import type { LateRecords } from "../concluding/late-records.ts";
import type { ServedPlatform, PlatformRegistry } from "../platform-registry.ts";
import type { Seating } from "./seat-agents.ts";
import type { TurnStep } from "../turn-step.ts";
import type { TurnTeam } from "../team-snapshot.ts";

/** What a workspace asks models with. */
export interface WorkspaceModels {
  /** The backends of a team as its file has them. */
  readonly backendsOf: (team: string) => readonly BackendConfig[];
  /** The workspace's own API keys in place of the installation's; null: it has none. */
  readonly ownEnv: Env | null;
}

/** What running turns takes; one for the process. */
export interface RunTurnOptions {
  readonly store: Store;
  readonly engine: Pick<TurnEngine, "enqueue">;
  readonly clock: Clock;
  readonly newTurnId: () => TurnId;
  readonly budgets: Pick<Budgets, "reserve">;
  readonly seating: Seating;
  readonly calibration: Calibration;
  /** Throws when no adapter of the conversation's platform runs here. */
  readonly servedPlatform: PlatformRegistry["of"];
  readonly records: LateRecords;
  /** Takes on what a thread shows and nobody has taken on. Never rejects. */
  readonly catchUp: (conversation: ConversationId, history: ThreadHistory) => Promise<void>;
  /** What a conversation's workspace asks models with, as it is now. Rejects when the store does. */
  readonly modelsOf: (conversation: ConversationId) => Promise<WorkspaceModels>;
  /** What a message says to the conversation; undefined for a command that says nothing to it. */
  readonly conversationText: (text: string) => string | undefined;
  /** The day as the models read it: "2026-11-23". */
  readonly today: () => string;
  /** Told every event once it is durable. Must not throw. */
  readonly onEvent: (turn: Turn, event: TurnEvent, state: TurnState) => void;
  /** A turn has ended, and what it led to is posted. Must not throw. */
  readonly onDone: (turn: Turn, summary: TurnSummary) => void;
  /** A stage of a turn's life, for the log. Must not throw. */
  readonly onStep: (turn: Turn, step: TurnStep) => void;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
  /** What could not be read and was gone on without. Must not throw. */
  readonly onProblem: (turn: Turn, problem: unknown) => void;
}

/** All that one start of a turn is about. */
export interface TurnRun {
  readonly options: RunTurnOptions;
  readonly turn: Turn;
  readonly team: TurnTeam;
  readonly seating: Seating;
  readonly served: ServedPlatform;
  readonly status: StatusMessage;
  /** Why the turn is to end before its time. */
  readonly signal: AbortSignal;
  /** Aborted when the process leaves; a stop does not cut off what is being posted. */
  readonly leaving: AbortSignal;
  /** The journal as this start found it. */
  readonly events: readonly TurnEvent[];
}
