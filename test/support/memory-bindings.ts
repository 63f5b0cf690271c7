import type { BindingStore, StoredBinding } from "../../src/teams/binding-store.ts";

/** A binding store that forgets; `beforeWrite` runs in front of the next write, as a rival would. */
export function createMemoryBindings() {
  const stored = new Map<string, StoredBinding>();
  let beforeWrite: (() => Promise<unknown>) | null = null;
  const store: BindingStore = {
    get: async (keys) => keys.map((key) => stored.get(key) ?? null),
    list: async (key) =>
      [...stored]
        .filter(([other]) => other === key || other.startsWith(`${key}:`))
        .map(([other, binding]) => ({ key: other, ...binding }))
        .toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    async put(key, { value, by, at, expected }) {
      const rival = beforeWrite;
      beforeWrite = null;
      await rival?.();
      if ((stored.get(key)?.version ?? 0) !== expected) return false;
      if (value === null) stored.delete(key);
      else stored.set(key, { value, by, at, version: expected + 1 });
      return true;
    },
  };
  return {
    ...store,
    stored,
    interrupt(work: () => Promise<unknown>) {
      beforeWrite = work;
    },
  };
}
