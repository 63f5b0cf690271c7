import type { BackendConfig } from "../backends/config.ts";
import type { CacheSetting } from "../coordination/cache-life.ts";
import type { Policy } from "../coordination/policy.ts";
import type { AgentId } from "../ids.ts";
import type { Access } from "./access.ts";

/** A team member with its backend. */
export interface Agent {
  readonly id: AgentId;
  readonly name: string;
  /** "" if it has none. */
  readonly instructions: string;
  readonly backend: BackendConfig;
  readonly fallback: BackendConfig | null;
}

/** A seat of the file that nobody can take here: its API key or another variable is missing. */
export interface LeftOut {
  readonly id: string;
  readonly name: string;
}

/** A team from its file, with secrets resolved. Immutable, so that a running turn keeps its team. */
export interface Team {
  /** The file name without extension, used in bindings and commands. */
  readonly name: string;
  /** The display name. */
  readonly title: string;
  readonly description: string;
  readonly agents: readonly Agent[];
  /** Seats without a key or variable that they need. */
  readonly leftOut: readonly LeftOut[];
  /** The team uses the workspace's own API keys; absent for the installation's. */
  readonly ownKeys?: boolean;
  /** Instructions for every agent; "" if there are none. */
  readonly instructions: string;
  readonly policy: Policy;
  /** How long providers keep prompts. */
  readonly cache: CacheSetting;
  /** `null` uses the cheapest of the team's backends. */
  readonly router: BackendConfig | null;
  readonly access: Access;
  /** The workspaces that see the team, as `platform:id`, `platform:*` or `all`; null if not specified. */
  readonly spaces: readonly string[] | null;
}
