import { z } from "zod";
import { BackendConfig } from "../backends/config.ts";
import { CacheSetting } from "../coordination/cache-life.ts";
import { Policy } from "../coordination/policy.ts";
import { AgentId } from "../ids.ts";
import { StoreError } from "../store/store-error.ts";
import type { Team } from "../teams/team.ts";

const SnapshotAgent = z.object({
  id: AgentId,
  name: z.string(),
  instructions: z.string(),
  backend: BackendConfig,
  fallback: BackendConfig.nullable(),
});

/** The stored part of a turn's team: everything that affects the answer, without secrets. */
const TeamSnapshot = z.object({
  name: z.string(),
  title: z.string(),
  agents: z.array(SnapshotAgent),
  instructions: z.string(),
  policy: Policy,
  cache: CacheSetting,
  router: BackendConfig.nullable(),
  /** It uses the workspace's own API keys. */
  ownKeys: z.boolean().default(false),
  /** Notes for people about how it was chosen, one sentence each. */
  notes: z.array(z.string()),
  /** A sentence for each seat that stays empty: part of `notes`. */
  absent: z.array(z.string()).default([]),
});

/** The team that a turn runs with. */
export type TurnTeam = z.infer<typeof TeamSnapshot>;

/** Whether a field of a backend may hold a secret: keys, headers, base URLs and request options that carry a key. */
function isSecret(key: string, value: unknown): boolean {
  if (key === "api_key" || key === "headers") return true;
  if (key === "options") return hasSecretField(value);
  return key === "base_url" && typeof value === "string" && !isPlainUrl(value);
}

const SECRET_FIELD = /(^|[_-])(api_?key|key|token|secret|password|auth(orization)?)$/i;

const hasSecretField = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  Object.entries(value).some(
    ([key, item]: [string, unknown]) =>
      (SECRET_FIELD.test(key) && typeof item === "string") || hasSecretField(item),
  );

/** An address and nothing else: no user, query or fragment, and no part of the path that looks like a key. */
function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password, search, hash, pathname } = new URL(text);
  const isBare = [username, password, search, hash].every((part) => part === "");
  return isBare && !pathname.split("/").some(looksLikeKey);
}

/** Long, with letters and digits mixed: unlike the words, versions and model names that paths are made of. */
const looksLikeKey = (segment: string): boolean =>
  segment.length >= 16 && (segment.match(/\d/g)?.length ?? 0) >= 4;

/** Fit to be stored: the parts that may be secret are left out, and looked up in the team file when the turn starts. */
export function snapshotTeam(
  team: Team & { readonly notes: readonly string[]; readonly absent?: readonly string[] },
): unknown {
  const withoutSecrets = (backend: BackendConfig | null) =>
    backend &&
    Object.fromEntries(Object.entries(backend).filter(([key, value]) => !isSecret(key, value)));
  const { name, title, instructions, policy, cache, notes, absent = [], ownKeys = false } = team;
  return {
    name,
    title,
    instructions,
    policy,
    cache,
    notes,
    absent,
    ownKeys,
    router: withoutSecrets(team.router),
    agents: team.agents.map((agent) => ({
      ...agent,
      backend: withoutSecrets(agent.backend),
      fallback: withoutSecrets(agent.fallback),
    })),
  };
}

const Stored = z.looseObject({ name: z.string() });

/**
 * The team a turn was stored with. `current` gives the backends as the team files have them now: their secrets are filled in where an
 * agent still has a backend of the same type and model at the same address. Throws a `StoreError` (`unreadable`) on a
 * snapshot that this version cannot read.
 */
export function restoreTeam(
  stored: unknown,
  current: (name: string) => readonly BackendConfig[],
): TurnTeam {
  const named = Stored.safeParse(stored);
  const known = named.success ? current(named.data.name) : [];
  const team = TeamSnapshot.safeParse(fillSecrets(stored, known));
  if (team.success) return team.data;
  throw new StoreError(
    "unreadable",
    `The team that a turn was stored with cannot be read (${z.prettifyError(team.error)}): a newer version wrote it, or its team file has changed. Run the version that wrote it.`,
    { cause: team.error },
  );
}

/** A stored team without its secrets, for what needs none of them; null: this version cannot read it. */
export const readSnapshot = (stored: unknown): TurnTeam | null =>
  TeamSnapshot.safeParse(stored).data ?? null;

/** Walks the snapshot and gives every backend in it the secrets of its like. */
function fillSecrets(value: unknown, known: readonly BackendConfig[]): unknown {
  if (Array.isArray(value)) return value.map((item) => fillSecrets(item, known));
  if (typeof value !== "object" || value === null) return value;
  const filled = Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === "options" ? item : fillSecrets(item, known),
    ]),
  );
  const like = known.find((backend) => isSame(backend, filled));
  return like ? { ...filled, ...secretsOf(like) } : filled;
}

/** A key goes only to the address that the team file has it for. */
const isSame = (
  { type, model, base_url }: BackendConfig,
  stored: Readonly<Record<string, unknown>>,
): boolean =>
  type === stored["type"] &&
  model === stored["model"] &&
  (isSecret("base_url", base_url) ? undefined : base_url) === stored["base_url"];

const secretsOf = (backend: BackendConfig): Partial<BackendConfig> =>
  Object.fromEntries(Object.entries(backend).filter(([key, value]) => isSecret(key, value)));
