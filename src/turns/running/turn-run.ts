import type { BackendConfig } from "../../backends/config.ts";
import type { Env } from "../../backends/keys.ts";
import type { Budgets } from "../../budgets/budgets.ts";
import type { Check } from "../../checks/check.ts";
import type { Clock } from "../../clock.ts";
import type { Calibration } from "../../context/calibration.ts";
import type { TextListener } from "../../coordination/runner/ports.ts";
import type { TurnEvent } from "../../coordination/turn-event.ts";
import type { TurnState } from "../../coordination/turn-state.ts";
import type { ConversationId, TurnId } from "../../ids.ts";
import type { StatusMessage } from "../../delivery/status-message.ts";
import type { LoopGate } from "../../loop-gate.ts";
import type { ThreadHistory } from "../../platform.ts";
import type { TurnSummary } from "../../progress/turn-summary.ts";
import type { Store } from "../../store/store.ts";
import type { Turn } from "../../store/tables/turn.ts";
import type { TrackRecords } from "../../track-records/track-records.ts";
import type { TurnEngine } from "../engine/engine.ts";
import type { LateRecords } from "../concluding/late-records.ts";
import type { ServedPlatform, PlatformRegistry } from "../platform-registry.ts";
import type { FenceCodes } from "./fence-code.ts";
import type { Seating } from "./seat-agents.ts";
import type { TurnStep } from "../turn-step.ts";
import type { TurnTeam } from "../team-snapshot.ts";

/** The models and keys of a workspace. */
export interface WorkspaceModels {
  /** The backends of a team as its file has them. */
  readonly backendsOf: (team: string) => readonly BackendConfig[];
  /** The workspace's own API keys in place of the installation's; null: it has none. */
  readonly ownEnv: Env | null;
}

/** Dependencies of running turns, one set per process. */
export interface RunTurnOptions {
  readonly store: Store;
  readonly engine: Pick<TurnEngine, "enqueue">;
  readonly clock: Clock;
  readonly newTurnId: () => TurnId;
  /** Shared by all turns of the process. */
  readonly gate: LoopGate;
  readonly budgets: Pick<Budgets, "reserve">;
  readonly seating: Seating;
  readonly calibration: Calibration;
  /** What looks at answers without a model. Default: arithmetic and dates. */
  readonly checks?: readonly Check[] | undefined;
  /** Throws when no adapter of the conversation's platform runs here. */
  readonly servedPlatform: PlatformRegistry["of"];
  readonly records: LateRecords;
  /** Resolves once nobody else posts the status of the turn. */
  readonly letGoOfBoard: (turn: Turn) => Promise<void>;
  /** How the space's models did in earlier turns. */
  readonly trackRecords: Pick<TrackRecords, "skillsOf" | "learnSoon">;
  /** Accepts recent messages of a thread that no process has claimed. Never rejects. */
  readonly catchUp: (conversation: ConversationId, history: ThreadHistory) => Promise<void>;
  /** The current models and keys of a conversation's workspace. Rejects when the store does. */
  readonly modelsOf: (conversation: ConversationId) => Promise<WorkspaceModels>;
  /** The text of a message without its command; undefined for a command without a question. */
  readonly conversationText: (text: string) => string | undefined;
  /** The day as the models read it: "2026-11-23". */
  readonly today: () => string;
  /** Called with every durable event. Must not throw. */
  readonly onEvent: (turn: Turn, event: TurnEvent, state: TurnState) => void;
  readonly onText?: TextListener;
  /** Called when a turn has ended and its result is posted. Must not throw. */
  readonly onDone: (turn: Turn, summary: TurnSummary) => void;
  /** Called with every stage of a turn, for the log. Must not throw. */
  readonly onStep: (turn: Turn, step: TurnStep) => void;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
  /** Called with read failures that the turn continues after. Must not throw. */
  readonly onProblem: (turn: Turn, problem: unknown) => void;
}

/** One run of a turn, from its start in this process. */
export interface TurnRun {
  readonly options: RunTurnOptions;
  readonly turn: Turn;
  readonly team: TurnTeam;
  readonly seating: Seating;
  readonly served: ServedPlatform;
  readonly status: StatusMessage;
  readonly fenceCode: FenceCodes;
  /** Aborted when the turn must end early. */
  readonly signal: AbortSignal;
  /** Aborted on shutdown; a stop does not interrupt posting. */
  readonly leaving: AbortSignal;
  /** The journal at the start of this run. */
  readonly events: readonly TurnEvent[];
}
