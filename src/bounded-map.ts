/** A map that holds at most `max` entries and drops the least recently set one, so that memory stays flat. */
export interface BoundedMap<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): void;
  /** The value of the key; sets what `create` returns where there is none. */
  ensure(key: K, create: () => V): V;
  delete(key: K): void;
  clear(): void;
  /** Least recently set first. */
  entries(): readonly (readonly [K, V])[];
}

export function createBoundedMap<K, V>(max: number): BoundedMap<K, V> {
  const map = new Map<K, V>();
  const set = (key: K, value: V) => {
    map.delete(key);
    map.set(key, value);
    const [oldest] = map.size > max ? map.keys() : [];
    if (oldest !== undefined) map.delete(oldest);
  };
  return {
    get: (key) => map.get(key),
    set,
    ensure(key, create) {
      const value = map.get(key) ?? create();
      set(key, value);
      return value;
    },
    delete: (key) => void map.delete(key),
    clear: () => map.clear(),
    entries: () => [...map],
  };
}
