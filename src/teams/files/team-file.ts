import { z } from "zod";
import { BackendConfig } from "../../backends/config.ts";
import { Limits, Policy } from "../../coordination/policy.ts";
import { AgentId } from "../../ids.ts";
import { Access } from "../access.ts";

/** Labels are single letters, and nobody reads more answers. */
const MOST_AGENTS = 16;

/** Several times the usage of a typical turn of a large team. Journaled policies have no default, so running turns keep their limits. */
const MostDollars = z
  .number()
  .positive()
  .default(1)
  .describe(
    "US dollars one turn may cost; at this limit it ends with the best answer so far. Models without a known price (local ones) are not counted.",
  );

/** One seat of a team. */
export const AgentEntry = z.strictObject({
  id: AgentId.describe(
    "How commands and the journal name the agent: 1–32 of a–z, 0–9, - and _, starting with a letter. Unique in the team.",
  ),
  name: z
    .string()
    .min(1)
    .max(40)
    .optional()
    .describe("How people see the agent; its id if absent. Other agents never see it."),
  instructions: z
    .string()
    .min(1)
    .optional()
    .describe("What this agent in particular is told, on top of the team's instructions."),
  backend: BackendConfig.describe("The model that speaks for the agent."),
  fallback: BackendConfig.optional().describe(
    "The model that takes over when the first cannot be reached.",
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
    .describe("How people see the team; the file's name if absent."),
  description: z.string().min(1).optional().describe("One line for `team list`."),
  agents: z
    .union([z.literal("auto"), z.array(AgentEntry).min(1).max(MOST_AGENTS)])
    .describe(
      "The seats of the team, 1–16; or `auto`: one seat for each provider whose API key is set (OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY), three if there is one key only.",
    ),
  instructions: z
    .string()
    .min(1)
    .optional()
    .describe("What every agent of the team is told: tone, language, what to watch for."),
  ...Policy.shape,
  limits: Limits.extend({ max_cost_usd: MostDollars })
    .prefault({})
    .describe("What one turn may take: time, rounds, tokens, money."),
  router: BackendConfig.optional().describe(
    "mode auto: the model that decides between solo and team; the team's cheapest if absent.",
  ),
  spaces: z
    .union([Space, z.array(Space).min(1)])
    .optional()
    .describe(
      "The workspaces that see the team, as platform:id; platform:* or all. If absent: the only workspace; where many share the installation, none, unless this is the default team.",
    ),
  access: Access.prefault({}).describe(
    "Who may do more than talk. Counts where this team answers for a whole space: as `default`, by PARLEY_TEAM or by `team use --space`.",
  ),
});
export type TeamFile = z.infer<typeof TeamFile>;
