/** Remembers the latest entries, and forgets the oldest beyond `most`: memory stays flat. */
export interface Recent<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): void;
  delete(key: K): void;
  entries(): readonly (readonly [K, V])[];
}

export function createRecent<K, V>(most: number): Recent<K, V> {
  const map = new Map<K, V>();
  return {
    get: (key) => map.get(key),
    set(key, value) {
      map.delete(key);
      map.set(key, value);
      const [oldest] = map.size > most ? map.keys() : [];
      if (oldest !== undefined) map.delete(oldest);
    },
    delete: (key) => void map.delete(key),
    entries: () => [...map],
  };
}
