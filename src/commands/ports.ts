import type { Budgets } from "../budgets/budgets.ts";
import type { TurnState } from "../coordination/turn-state.ts";
import type { ConversationId, Place, TurnId } from "../ids.ts";
import type { Level, Person, Rated } from "../platform.ts";
import type { Verdict } from "../progress/rating-words.ts";
import type { TurnTimes } from "../progress/turn-times.ts";
import type { StatusView } from "../progress/status-view.ts";
import type { Bindings } from "../teams/bindings.ts";
import type { Agent } from "../teams/team.ts";
import type { Listening } from "../teams/listening.ts";
import type { OwnKeys } from "../tenants/own-keys.ts";
import type { TeamDirectory } from "../tenants/visible-teams.ts";
import type { TrackBoard } from "../track-records/turn-record.ts";
import type { CommandReply } from "../reply.ts";
import type { Spell } from "../text/spelling.ts";

/** The person who gives a command, and where. */
export interface Asker {
  readonly conversation: ConversationId;
  readonly person: Person;
  readonly level: Level;
  /** True: written as a message that others can read. Absent: a slash command or button that only Parley sees. */
  readonly isWritten?: boolean;
  /** True: given outside the thread that it is about. */
  readonly isOutside?: boolean;
}

/** A question given as a command. */
export interface Question {
  readonly text: string;
  /** Another team, for this question only. */
  readonly team: string | null;
  /** The whole team answers, whatever its mode says. */
  readonly forceTeam: boolean;
}

/** The result of a vote for one of the current answers. */
export type Preferred =
  | { readonly outcome: "counted"; readonly label: string; readonly agent: string }
  /** There is no answer of that name; these are the labels. */
  | { readonly outcome: "unknown"; readonly labels: readonly string[] }
  /** No turn is open here. */
  | { readonly outcome: "closed" };

/** The result of `steer` or `restart` for a queued message. */
export type QueuedChange =
  | { readonly outcome: "done"; readonly excerpt: string }
  /** `idle`: no turn is running. `unknown`: the message is not queued. */
  | { readonly outcome: "idle" | "unknown" };

/** The result of a question; `refused`: a limit forbids it, and `why` says which and until when. */
export type Begun =
  | { readonly outcome: "begun" }
  | { readonly outcome: "refused"; readonly why: string };

/** A person's opinion of an answer; no turn: the last one that was answered. No verdict: the rating is withdrawn. */
export interface GivenRating {
  readonly turn: TurnId | null;
  readonly verdict: Verdict | null;
  readonly reason: string | null;
}

/** A stored rating. */
export interface StoredRating {
  readonly verdict: Verdict;
  readonly reason: string | null;
}

/** Which message it is. */
export interface MessageKey {
  readonly conversation: ConversationId;
  readonly id: string;
}

/** The turns of a conversation. */
export interface TurnsPort {
  /** Accepts the question; resolves when it is stored. */
  ask(asker: Asker, question: Question): Promise<Begun>;
  /** Stops a turn; null: the running one. False: no turn is running here, or that turn has ended. */
  stop(asker: Asker, turn: TurnId | null): Promise<boolean>;
  /**
   * Posts the best answer so far: of the running turn, which ends, or of a stopped one. null: the running turn, else the last one. `idle`: there
   * is no such turn, or it has ended otherwise; `unanswered`: no agent has answered yet.
   */
  finish(asker: Asker, turn: TurnId | null): Promise<"posting" | "idle" | "unanswered">;
  /** `answer` is a label or an agent's id or name. */
  prefer(asker: Asker, answer: string): Promise<Preferred>;
  /** Rates an answer. */
  rate(asker: Asker, rating: GivenRating): Promise<Rated>;
  /** What people think of a turn's answer, oldest first. */
  ratings(turn: TurnId): Promise<readonly StoredRating[]>;
  /** Answers a request again, with the named team or the bound one. No turn: the last one's. */
  retry(
    asker: Asker,
    team: string | null,
    turn?: TurnId,
  ): Promise<Begun | { readonly outcome: "unknown" }>;
  /** Tells the running turn something: a text, or a queued message by its id. null: the latest queued message. */
  steer(asker: Asker, message: string | null): Promise<QueuedChange>;
  /** Stops the running turn and answers a queued message now. */
  restart(asker: Asker, message: string | null): Promise<QueuedChange>;
  /** The messages that no process has claimed: they never arrived, or were not for Parley. */
  untaken<M extends MessageKey>(messages: readonly M[]): Promise<readonly M[]>;
  /** Whether the conversation has had a turn. */
  hasBegun(conversation: ConversationId): Promise<boolean>;
  /** The status of the running turn; null: none is running. */
  status(conversation: ConversationId): Promise<StatusView | null>;
  /** What the platform refused of the last turn's messages; none: nothing. */
  refusals(conversation: ConversationId): Promise<readonly string[]>;
  /** The running turn, else the last one; null: there was none. `reader`: who reads it; members do not see the providers' words. */
  last(conversation: ConversationId, reader?: Level): Promise<TurnState | null>;
  /** A turn of the conversation; null: it has no such turn, or its journal has been deleted. */
  get(conversation: ConversationId, turn: TurnId, reader?: Level): Promise<TurnState | null>;
  /** The times of a turn of the conversation (default: the running or the last one); null: there are none. */
  timing(conversation: ConversationId, turn: TurnId | null): Promise<TurnTimes | null>;
  /** The threads of a channel with running turns, in any process, and the thread with the newest turn. */
  threads(channel: Channel): Promise<ChannelThreads>;
}

export type Channel = Pick<Place, "platform" | "space" | "channel">;

export interface ChannelThreads {
  readonly running: readonly ConversationId[];
  readonly latest: ConversationId | null;
}

/** Filters of a usage sum; all of them apply. */
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
  /** The part of `input` that was written to caches. */
  readonly cacheWritten: number;
  readonly output: number;
  /** US dollars, of what has a known price. */
  readonly costUsd: number;
  /** Number of entries without a known price; if there are any, `costUsd` is a lower bound. */
  readonly unpriced: number;
  /** Tokens that Parley estimated, because the call was aborted or the model reports no usage. */
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

/** How the models of a space did in its turns. */
export interface TrackRecordsPort {
  /** Null: nothing is known. */
  board(space: Pick<Place, "platform" | "space">): Promise<TrackBoard | null>;
  /** Forgets all turns; resolves to their number. */
  forget(space: Pick<Place, "platform" | "space">): Promise<number>;
}

/** The dependencies of the shared commands. */
export interface CommandPorts {
  readonly teams: TeamDirectory;
  readonly keys: OwnKeys;
  readonly bindings: Bindings;
  readonly listening: Listening;
  readonly turns: TurnsPort;
  readonly usage: UsagePort;
  readonly trackRecords: TrackRecordsPort;
  readonly budgets: Omit<Budgets, "reserve">;
  /** `why` in words: progress/why-reply. */
  readonly whyReply: (state: TurnState) => CommandReply;
  /** `why --timing` in words: progress/timing-reply. `now`: milliseconds since the epoch. */
  readonly timingReply: (times: TurnTimes, now: number) => CommandReply;
  /** What the server of a team's agent does not take, in words; empty or absent if nothing is known. */
  readonly concessions?: (backend: Agent["backend"]) => readonly string[];
  /** How commands are written where the asker reads the reply. */
  readonly spellFor: (asker: Pick<Asker, "conversation" | "isOutside">) => Spell;
  /** "Parley 0.1.0 (Node 24.21.0)". */
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
}
