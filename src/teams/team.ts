import type { BackendConfig } from "../backends/config.ts";
import type { Policy } from "../coordination/policy.ts";
import type { AgentId } from "../ids.ts";
import type { Access } from "./access.ts";

/** A member of a team, ready to be asked. */
export interface Agent {
  readonly id: AgentId;
  readonly name: string;
  /** "" if it has none of its own. */
  readonly instructions: string;
  readonly backend: BackendConfig;
  readonly fallback: BackendConfig | null;
}

/** A team as its file has it, secrets filled in: immutable, so a running turn keeps the team it started with. */
export interface Team {
  /** The file's name without its ending: what bindings and commands call it. */
  readonly name: string;
  /** What people see. */
  readonly title: string;
  readonly description: string;
  readonly agents: readonly Agent[];
  /** Names of seats left out because a variable they refer to is missing here. */
  readonly leftOut: readonly string[];
  /** It is asked with the workspace's own API keys; absent: with the installation's. */
  readonly ownKeys?: boolean;
  /** Told to every agent; "" if there are none. */
  readonly instructions: string;
  readonly policy: Policy;
  /** `null`: the cheapest of the team's backends. */
  readonly router: BackendConfig | null;
  readonly access: Access;
  /** The workspaces that see the team, as `platform:id`, `platform:*` or `all`; null: the file does not say. */
  readonly spaces: readonly string[] | null;
}
