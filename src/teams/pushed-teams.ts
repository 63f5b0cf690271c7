import type { BindingStore, StoredBinding } from "./binding-store.ts";
import type { TeamSource } from "./files/read-team.ts";

/** A team file in the store, and who pushed it. */
export interface PushedTeam extends TeamSource {
  readonly version: number;
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** One version of a pushed team file; without text, it was removed. */
export interface PushedVersion extends Pick<PushedTeam, "version" | "by" | "at"> {
  readonly text: string | null;
}

export interface PushedTeamsStore extends BindingStore {
  /** Newest first. */
  history(
    key: string,
  ): Promise<readonly (Omit<StoredBinding, "value"> & { readonly value: string | null })[]>;
}

/** Team files shared by all processes on one store, with their full history. */
export interface PushedTeams {
  /** By name. */
  list(): Promise<readonly PushedTeam[]>;
  /** Stores a file, or removes it (null). Resolves with the current version; `same` if nothing changed. Rejects on a concurrent push. */
  put(
    name: string,
    text: string | null,
    by: string,
  ): Promise<{ readonly same: boolean; readonly version: number }>;
  /** Newest first. */
  history(name: string): Promise<readonly PushedVersion[]>;
}

const SPACE = "team-file";
const keyOf = (name: string): string => `${SPACE}:${name}`;

/** Whether a binding key belongs to a team file. */
export const isTeamFileKey = (key: string): boolean => key.startsWith(keyOf(""));

/** A concurrent push changed the file. */
export class PushError extends Error {
  override readonly name = "PushError";
}

/** Stored and versioned like bindings. */
export function createPushedTeams(store: PushedTeamsStore, wallClock: () => number): PushedTeams {
  return {
    async list() {
      const all = await store.list(SPACE);
      return all.map(({ key, value: text, version, by, at }) => {
        const name = key.slice(keyOf("").length);
        return { name, file: `database:${name}.yaml`, text, version, by, at };
      });
    },
    async put(name, text, by) {
      const key = keyOf(name);
      const [stored] = await store.get([key]);
      const expected = stored?.version ?? 0;
      if ((stored?.value ?? null) === text) return { same: true, version: expected };
      if (!(await store.put(key, { value: text, by, at: wallClock(), expected }))) {
        throw new PushError(`Somebody else has just pushed ${name}. Look at it, and push again.`);
      }
      const [latest] = await store.history(key);
      return { same: false, version: latest?.version ?? 0 };
    },
    async history(name) {
      const all = await store.history(keyOf(name));
      return all.map(({ value: text, version, by, at }) => ({ text, version, by, at }));
    },
  };
}
