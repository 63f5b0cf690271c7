import { z } from "zod";
import {
  type Env,
  KEY_VARIABLES,
  PROVIDER_KEYS,
  type Provider,
  PROVIDERS,
} from "../backends/keys.ts";
import type { Place } from "../ids.ts";
import { createSeal, type Seal, secretsOf, UnsealError } from "../sealing/seal.ts";
import { reseal, type SealedRows } from "../sealing/reseal.ts";

export type Space = Pick<Place, "platform" | "space">;

/** Stores the sealed keys, one row per workspace. */
export interface OwnKeyRows extends SealedRows {
  get(key: string): Promise<string | null>;
  /** False if a row already exists. */
  add(key: string, sealed: string): Promise<boolean>;
  remove(key: string, only?: string): Promise<boolean>;
}

/** A workspace's key as it may be shown, without the secret. */
export interface SetKey {
  readonly provider: Provider;
  /** `{platform}:{person id}`. */
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** API keys that workspaces supply themselves. They are sealed in the store and never shown again. */
export interface OwnKeys {
  /** False if the installation has no secret to seal keys with. */
  readonly isOffered: boolean;
  /** The only keys that a workspace's turns use; null if it has set none; `{}` if its keys cannot be opened. */
  of(space: Space): Promise<Partial<Record<Provider, string>> | null>;
  list(space: Space): Promise<readonly SetKey[]>;
  set(
    space: Space,
    provider: Provider,
    given: Omit<SetKey, "provider"> & { readonly key: string },
  ): Promise<void>;
  /** False if there was no such key. */
  remove(space: Space, provider: Provider): Promise<boolean>;
  /** Removes all keys of a workspace that removed the app. False if there were none. */
  forget(space: Space): Promise<boolean>;
  /** Re-seals all keys with the current secret; resolves with the workspaces whose keys cannot be opened. */
  reseal(): Promise<readonly string[]>;
}

const Entry = z.object({ key: z.string(), by: z.string(), at: z.number() });
const Entries = z.partialRecord(z.enum(PROVIDERS), Entry);
type Entries = z.infer<typeof Entries>;

const rowOf = ({ platform, space }: Space): string =>
  `${encodeURIComponent(platform)}:${encodeURIComponent(space)}`;

/** The current secret and earlier ones: PARLEY_SEAL_SECRET, or the secret for Slack installs if it is not set. */
function sealOf(env: Env): Seal | null {
  const [secret, ...others] = [
    "PARLEY_SEAL_SECRET",
    "SLACK_INSTALL_SECRET",
    "SLACK_STATE_SECRET",
  ].flatMap((name) => env[name]?.trim() || []);
  if (secret === undefined) return null;
  const old = ["PARLEY_SEAL_SECRET_OLD", "SLACK_INSTALL_SECRET_OLD"].flatMap((name) =>
    secretsOf(env[name]),
  );
  return createSeal({ secret, oldSecrets: [...others, ...old], purpose: "own keys" });
}

/** Whether workspaces can set keys of their own. */
export const offersOwnKeys = (env: Env): boolean => sealOf(env) !== null;

/** A workspace's stored keys. */
interface Stored {
  readonly sealed: string | null;
  readonly entries: Entries;
  readonly isReadable: boolean;
}

async function read(rows: OwnKeyRows, seal: Seal | null, row: string): Promise<Stored> {
  const sealed = await rows.get(row);
  if (sealed === null) return { sealed, entries: {}, isReadable: true };
  try {
    if (!seal) return { sealed, entries: {}, isReadable: false };
    return { sealed, entries: Entries.parse(JSON.parse(seal.open(sealed, row))), isReadable: true };
  } catch (error) {
    if (error instanceof UnsealError || error instanceof z.ZodError || error instanceof SyntaxError)
      return { sealed, entries: {}, isReadable: false };
    throw error;
  }
}

const entriesOf = (entries: Entries) =>
  PROVIDERS.flatMap((provider) => {
    const entry = entries[provider];
    return entry ? [{ provider, ...entry }] : [];
  });

/** All methods reject when the store fails. Never falls back to the installation's keys if a workspace's keys cannot be opened. */
export function createOwnKeys({ rows, env }: { rows: OwnKeyRows; env: Env }): OwnKeys {
  const seal = sealOf(env);

  /** Read-modify-write with retries on concurrent writes. Resolves with the previous value. */
  const change = async (space: Space, edit: (entries: Entries) => Entries): Promise<Entries> => {
    if (!seal) throw new Error("There is no secret to seal keys with.");
    const row = rowOf(space);
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const { sealed, entries } = await read(rows, seal, row);
      const after = edit(entries);
      if (await write(row, sealed, after)) return entries;
    }
    throw new Error("the keys were changed by others at the same time; try again");
  };
  const write = async (row: string, before: string | null, after: Entries): Promise<boolean> => {
    if (entriesOf(after).length === 0) return before === null || (await rows.remove(row, before));
    const next = seal?.close(JSON.stringify(after), row) ?? "";
    return before === null ? rows.add(row, next) : rows.replace(row, before, next);
  };

  return {
    isOffered: seal !== null,
    async of(space) {
      const { sealed, entries } = await read(rows, seal, rowOf(space));
      if (sealed === null) return null;
      return Object.fromEntries(entriesOf(entries).map(({ provider, key }) => [provider, key]));
    },
    async list(space) {
      const { entries } = await read(rows, seal, rowOf(space));
      return entriesOf(entries).map(({ provider, by, at }) => ({ provider, by, at }));
    },
    async set(space, provider, given) {
      await change(space, (entries) => ({ ...entries, [provider]: given }));
    },
    async remove(space, provider) {
      const before = await change(space, (entries) =>
        Object.fromEntries(Object.entries(entries).filter(([name]) => name !== provider)),
      );
      return before[provider] !== undefined;
    },
    forget: (space) => rows.remove(rowOf(space)),
    async reseal() {
      if (!seal) return [];
      return (await reseal(rows, seal)).unreadable;
    },
  };
}

/** The environment with the workspace's keys instead of the installation's. */
export function withOwnKeys(env: Env, keys: Partial<Record<Provider, string>>): Env {
  const none = Object.fromEntries(KEY_VARIABLES.map((name) => [name, undefined]));
  const own = PROVIDERS.flatMap((provider) => {
    const [name] = PROVIDER_KEYS[provider];
    return keys[provider] === undefined ? [] : [[name, keys[provider]] as const];
  });
  return { ...env, ...none, ...Object.fromEntries(own) };
}
