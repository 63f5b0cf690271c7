import type { Budgets } from "../budgets/budgets.ts";
import type { TurnState } from "../coordination/turn-state.ts";
import type { ConversationId, Place, TurnId } from "../ids.ts";
import type { Level, Person } from "../platform.ts";
import type { TurnTimes } from "../progress/turn-timing.ts";
import type { StatusView } from "../progress/status-view.ts";
import type { Bindings } from "../teams/bindings.ts";
import type { Listening } from "../teams/listening.ts";
import type { OwnKeys } from "../tenants/own-keys.ts";
import type { TeamDirectory } from "../tenants/visible-teams.ts";
import type { CommandReply } from "../reply.ts";

/** Who gives a command, and where. */
export interface Asker {
  readonly conversation: ConversationId;
  readonly person: Person;
  readonly level: Level;
  /** Written as a message, which others read and the thread keeps; absent: given to Parley alone. */
  readonly isWritten?: boolean;
}

/** A question given as a command. */
export interface Question {
  readonly text: string;
  /** Another team, just this once. */
  readonly team: string | null;
  /** The whole team answers, whatever its mode says. */
  readonly forceTeam: boolean;
}

/** What became of a person's choice among the standing answers. */
export type Preferred =
  | { readonly outcome: "counted"; readonly label: string; readonly agent: string }
  /** No answer stands under that name; these do. */
  | { readonly outcome: "unknown"; readonly labels: readonly string[] }
  /** No turn is open here. */
  | { readonly outcome: "closed" };

/** The result of `steer` or `restart` for a queued message. */
export type QueuedChange =
  | { readonly outcome: "done"; readonly excerpt: string }
  /** `idle`: no turn is running. `unknown`: the message is not queued. */
  | { readonly outcome: "idle" | "unknown" };

/** What became of a question; `refused`: a limit forbids it, and `why` says which and until when. */
export type Begun =
  | { readonly outcome: "begun" }
  | { readonly outcome: "refused"; readonly why: string };

/** Which message it is. */
export interface MessageKey {
  readonly conversation: ConversationId;
  readonly id: string;
}

/** The turns of a conversation. */
export interface TurnsPort {
  /** Takes the question on; resolves when it is stored. */
  ask(asker: Asker, question: Question): Promise<Begun>;
  /** Stops a turn; null: the one that runs. False: nothing runs here, or that turn is over. */
  stop(asker: Asker, turn: TurnId | null): Promise<boolean>;
  /** `answer` is a label or an agent's id or name. */
  prefer(asker: Asker, answer: string): Promise<Preferred>;
  /** Answers a request again, with the named team or the bound one. No turn: the last one's. */
  retry(
    asker: Asker,
    team: string | null,
    turn?: TurnId,
  ): Promise<Begun | { readonly outcome: "unknown" }>;
  /** Puts a waiting message to the running turn. No id: the latest that waits. */
  steer(asker: Asker, message: string | null): Promise<QueuedChange>;
  /** Stops the running turn, so that a waiting message is answered now. */
  restart(asker: Asker, message: string | null): Promise<QueuedChange>;
  /** Those of the messages that nobody has taken on: they came to no process, or were nothing to Parley. */
  untaken<M extends MessageKey>(messages: readonly M[]): Promise<readonly M[]>;
  /** Whether anything has been asked in a conversation. */
  hasBegun(conversation: ConversationId): Promise<boolean>;
  /** The turn that runs, as people see it; null: none does. */
  status(conversation: ConversationId): Promise<StatusView | null>;
  /** The turn that runs, else the last one; null: there was none. */
  last(conversation: ConversationId): Promise<TurnState | null>;
  /** A turn of the conversation; null: it has no such turn, or nothing of it is known any more. */
  get(conversation: ConversationId, turn: TurnId): Promise<TurnState | null>;
  /** When things happened in a turn of the conversation, the one that runs or the last one if none is named; null: nothing is known of it. */
  timing(conversation: ConversationId, turn: TurnId | null): Promise<TurnTimes | null>;
  /** The threads of a channel in which turns run, in any process, and the one whose turn is the newest. */
  threads(channel: Channel): Promise<ChannelThreads>;
}

export type Channel = Pick<Place, "platform" | "space" | "channel">;

export interface ChannelThreads {
  readonly running: readonly ConversationId[];
  readonly latest: ConversationId | null;
}

/** Which usage to add up; all of it must hold. */
export interface UsageWhere {
  readonly platform?: string;
  readonly space?: string;
  readonly channel?: string;
  readonly conversation?: ConversationId;
  /** Milliseconds since the epoch. */
  readonly from?: number;
}

/** Tokens and money of some turns. */
export interface UsageTotals {
  readonly turns: number;
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  /** US dollars, of what has a known price. */
  readonly costUsd: number;
  /** How many entries have none: with any, `costUsd` is the least it can have been. */
  readonly unpriced: number;
  /** How many of the tokens nobody reported: calls that were broken off, and models that do not count. */
  readonly estimated: number;
}

export interface UsagePort {
  sum(where: UsageWhere): Promise<UsageTotals>;
  /** Most tokens first. */
  sumBy(
    column: "agent" | "model",
    where: UsageWhere,
  ): Promise<readonly (UsageTotals & { readonly key: string })[]>;
}

/** All that the shared commands need. */
export interface CommandPorts {
  readonly teams: TeamDirectory;
  readonly keys: OwnKeys;
  readonly bindings: Bindings;
  readonly listening: Listening;
  readonly turns: TurnsPort;
  readonly usage: UsagePort;
  readonly budgets: Omit<Budgets, "reserve">;
  /** `why` in words: progress/why-reply. */
  readonly whyReply: (state: TurnState) => CommandReply;
  /** `why --timing` in words: progress/timing-reply. `now`: milliseconds since the epoch. */
  readonly timingReply: (times: TurnTimes, now: number) => CommandReply;
  /** "Parley 0.1.0 (Node 24.21.0)". */
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
}
