import { type BackendConfig, PROGRAMS } from "../backends/config.ts";
import { type Env, missingKey } from "../backends/keys.ts";
import type { Agent, Team } from "../teams/team.ts";

/** Whether the team file itself contains credentials: a key, headers, or a URL with a secret. */
function carriesKey({ type, api_key, headers = {}, base_url }: BackendConfig): boolean {
  // A program has the operator's log-in, or a key of the file.
  if (PROGRAMS.has(type)) return true;
  if (api_key !== undefined || Object.keys(headers).length > 0) return true;
  if (base_url === undefined || !URL.canParse(base_url)) return false;
  const { username, password, search } = new URL(base_url);
  return username !== "" || password !== "" || search !== "";
}

interface Paying {
  /** The environment with the workspace's keys. */
  readonly env: Env;
  /** The file lists this workspace, so its credentials belong to this workspace. */
  readonly isOwn: boolean;
}

const isPaid = (backend: BackendConfig, { env, isOwn }: Paying): boolean =>
  (isOwn || !carriesKey(backend)) && missingKey(backend, env) === null;

/** The agent, reduced to the backends that the workspace pays for; undefined if it pays for none. */
function paidAgent(agent: Agent, paying: Paying): Agent | undefined {
  const { backend, fallback } = agent;
  const second = fallback && isPaid(fallback, paying) ? fallback : null;
  if (isPaid(backend, paying)) return { ...agent, fallback: second };
  return second ? { ...agent, backend: second, fallback: null } : undefined;
}

/** The team, reduced to agents that run on the workspace's own keys; null if none do. `leftOut` names the others. */
export function paidTeam(team: Team, paying: Paying): Team | null {
  const agents = team.agents.flatMap((agent) => paidAgent(agent, paying) ?? []);
  if (agents.length === 0) return null;
  const isSeated = (id: string) => agents.some((agent) => agent.id === id);
  const unpaid = team.agents.filter(({ id }) => !isSeated(id));
  const router = team.router && isPaid(team.router, paying) ? team.router : null;
  return { ...team, agents, router, leftOut: [...team.leftOut, ...unpaid], ownKeys: true };
}
