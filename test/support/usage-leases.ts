import {
  createUsageLeases,
  type UsageLeases,
} from "../../src/adapter-kit/rate-limit/usage-leases.ts";
import type { AdapterState } from "../../src/adapter-storage.ts";
import type { Clock } from "../../src/clock.ts";

/** Of a process that shares nothing. */
export const ALONE: UsageLeases = { report() {}, others: () => [] };

/** Of processes that cannot ask each other. */
export const APART: UsageLeases = { report() {}, others: () => undefined };

/** Rows that live as long as the test. */
export function createMemoryState(): AdapterState {
  const rows = new Map<string, string>();
  return {
    get: async (key) => rows.get(key) ?? null,
    put: async (key, text) => void rows.set(key, text),
    remove: async (key) => void rows.delete(key),
    keys: async (prefix) => [...rows.keys()].filter((key) => key.startsWith(prefix)).toSorted(),
  };
}

/** Of so many processes on one store. */
export function leasesOf(processes: number, clock: Clock, state = createMemoryState()) {
  const onProblem = (problem: unknown) => {
    throw problem;
  };
  const options = { state, clock, wallClock: () => clock.now(), processes, onProblem };
  return Array.from({ length: processes }, () => createUsageLeases(options));
}
