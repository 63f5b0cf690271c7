import { z } from "zod";
import { BackendConfig } from "../../backends/config.ts";
import { CacheSetting } from "../../coordination/cache-life.ts";
import { Limits, Policy, Scoreboard, Settle, Tally } from "../../coordination/policy.ts";
import { AgentId } from "../../ids.ts";
import { Access } from "../access.ts";

/** A sanity limit: each agent reads all answers, so costs grow with the square. `team-checks` holds it against the models' windows. */
export const MOST_AGENTS = 64;

/** Several times the usage of a typical turn of a large team. Journaled policies have no default, so running turns keep their limits. */
const MostDollars = z
  .number()
  .positive()
  .default(1)
  .describe(
    "US dollars that one turn may cost. At this limit the turn ends with the best answer so far. Models without a known price (such as local ones) are not counted.",
  );

/** One agent of a team. */
export const AgentEntry = z.strictObject({
  id: AgentId.describe(
    "Name of the agent in commands and in the journal: 1–32 characters of a–z, 0–9, - and _, starting with a letter. Unique in the team.",
  ),
  name: z
    .string()
    .min(1)
    .max(40)
    .optional()
    .describe("Display name of the agent. Default: its id. Other agents never see it."),
  instructions: z
    .string()
    .min(1)
    .optional()
    .describe("Instructions for this agent, in addition to the team's instructions."),
  backend: BackendConfig.describe("The agent's model."),
  fallback: BackendConfig.optional().describe(
    "The model that takes over if the agent's model is unavailable.",
  ),
});
export type AgentEntry = z.infer<typeof AgentEntry>;

const Space = z
  .string()
  .regex(
    /^(all|[a-z]+:(\*|[\w.-]+))$/,
    "write platform:id, such as slack:T012AB3CD or discord:8032…; platform:* for all of a platform, or all",
  );

/** A team file, `configs/{team}.yaml`: the file's name is the team's name. Strict: an unknown key is an error. */
export const TeamFile = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(60)
    .optional()
    .describe("Display name of the team. Default: the file's name."),
  description: z.string().min(1).optional().describe("One line that `team list` shows."),
  agents: z
    .union([z.literal("auto"), z.array(AgentEntry).min(1).max(MOST_AGENTS)])
    .describe(
      "The agents of the team, 1–64; each reads the answers of all others, so the cost grows with the square. Or `auto`: one agent for each provider whose API key is set (OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY); with a single key, three agents of that provider; without a key, up to three models of servers on this machine (PARLEY_LOCAL_MODELS).",
    ),
  instructions: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Instructions for every agent of the team, such as tone, language or what to watch for.",
    ),
  concurrency: BackendConfig.shape.concurrency.describe(
    "The most calls that may run at the same time on the account of each agent that does not say so itself, with `agents: auto` too. Default: Parley adapts the number to what the provider takes.",
  ),
  ...Policy.shape,
  cache: CacheSetting,
  tally: Tally.default("pooled"),
  scoreboard: Scoreboard.default("learned"),
  settle: Settle.default(1.5),
  limits: Limits.extend({ max_cost_usd: MostDollars })
    .prefault({})
    .describe("Limits of one turn: time, rounds, tokens, money."),
  router: BackendConfig.optional().describe(
    "With `mode: auto`: the model that decides between solo and team. Default: the team's cheapest model.",
  ),
  spaces: z
    .union([Space, z.array(Space).min(1)])
    .optional()
    .describe(
      "The workspaces that see the team, as platform:id, platform:* or all. Default: the only workspace. If many share the installation: none, unless this is the default team.",
    ),
  access: Access.prefault({}).describe(
    "Who may do more than ask. Applies where this team answers for a whole workspace: as `default`, through PARLEY_TEAM or through `team use --space`.",
  ),
});
export type TeamFile = z.infer<typeof TeamFile>;
