import type { BackendConfig } from "../backends/config.ts";
import { type Env, missingKey } from "../backends/keys.ts";
import type { Agent, Team } from "../teams/team.ts";

/** Whether the file itself gives the backend something to pay with: a key, headers, a URL that carries a secret. */
function carriesKey({ api_key, headers = {}, base_url }: BackendConfig): boolean {
  if (api_key !== undefined || Object.keys(headers).length > 0) return true;
  if (base_url === undefined || !URL.canParse(base_url)) return false;
  const { username, password, search } = new URL(base_url);
  return username !== "" || password !== "" || search !== "";
}

interface Paying {
  /** With the workspace's keys. */
  readonly env: Env;
  /** The file names this workspace, so that what it carries is this workspace's. */
  readonly isOwn: boolean;
}

const isPaid = (backend: BackendConfig, { env, isOwn }: Paying): boolean =>
  (isOwn || !carriesKey(backend)) && missingKey(backend, env) === null;

/** The agent as far as the workspace pays for it; undefined: not at all. */
function paidAgent(agent: Agent, paying: Paying): Agent | undefined {
  const { backend, fallback } = agent;
  const second = fallback && isPaid(fallback, paying) ? fallback : null;
  if (isPaid(backend, paying)) return { ...agent, fallback: second };
  return second ? { ...agent, backend: second, fallback: null } : undefined;
}

/** The team as a workspace can ask it on its own keys alone; null: nobody in it. Who is left out is said. */
export function paidTeam(team: Team, paying: Paying): Team | null {
  const agents = team.agents.flatMap((agent) => paidAgent(agent, paying) ?? []);
  if (agents.length === 0) return null;
  const isSeated = (id: string) => agents.some((agent) => agent.id === id);
  const unpaid = team.agents.filter(({ id }) => !isSeated(id)).map(({ name }) => name);
  const router = team.router && isPaid(team.router, paying) ? team.router : null;
  return { ...team, agents, router, leftOut: [...team.leftOut, ...unpaid], ownKeys: true };
}
