import type { BackendConfig } from "../backends/config.ts";
import type { Policy } from "../coordination/policy.ts";
import { type AgentId, type ConversationId, parseConversationId } from "../ids.ts";
import type { Space } from "../store/tables/track-records.ts";
import { createLearner, type LearnerOptions } from "./learner.ts";
import { modelName, publicPrior } from "./model-name.ts";
import { skillsOf } from "./skills-of.ts";
import type { TrackBoard } from "./turn-record.ts";

/** The part of a team that its track records depend on. */
export interface TrackedTeam {
  readonly policy: Policy;
  readonly agents: readonly {
    readonly id: AgentId;
    readonly backend: Pick<BackendConfig, "type" | "model">;
  }[];
}

/** How the models of each space did in its turns. */
export interface TrackRecords {
  /** Also learns from what earlier processes left. Never rejects. */
  start(): Promise<void>;
  /** Learns at once what is due. Never rejects. */
  stop(): Promise<void>;
  /** How much each agent's judgement counts in a turn that starts now, by its id; empty: all the same. Rejects when the store does. */
  skillsOf(
    conversation: ConversationId,
    team: TrackedTeam,
  ): Promise<Readonly<Record<string, number>>>;
  /** After a turn of the conversation has ended, or somebody has marked its answer. Never throws. */
  learnSoon(conversation: ConversationId): void;
  /** What is known in a space; null: nothing yet. Rejects when the store does. */
  board(space: Space): Promise<TrackBoard | null>;
  /** Forgets all turns of a space; resolves to their number. Rejects when the store does. */
  forget(space: Space): Promise<number>;
}

export function createTrackRecords(options: Omit<LearnerOptions, "prior">): TrackRecords {
  const { trackRecords } = options.store;
  const learner = createLearner({ ...options, prior: publicPrior });
  return {
    start: () => learner.start().catch(options.onProblem),
    stop: () => learner.stop(),
    async skillsOf(conversation, { policy, agents }) {
      if (policy.scoreboard === "off" || policy.tally !== "pooled" || agents.length < 2) return {};
      const board =
        policy.scoreboard === "learned"
          ? await trackRecords.board(parseConversationId(conversation))
          : null;
      const models = agents.map(({ backend }) => modelName(backend));
      const skills = skillsOf(models, board?.models ?? [], publicPrior);
      if (skills.every((skill) => skill === 0)) return {};
      return Object.fromEntries(agents.map(({ id }, seat) => [id, rounded(skills[seat] ?? 0)]));
    },
    learnSoon: (conversation) => learner.soon(parseConversationId(conversation)),
    board: (space) => trackRecords.board(space),
    forget: (space) => trackRecords.forget(space),
  };
}

const rounded = (skill: number): number => Math.round(skill * 1000) / 1000 + 0;
