import type { AdapterState } from "../../../src/adapter-storage.ts";

/** Where the message stands that a thread was opened on, if a proxy has reposted it. */
export interface Starters {
  of(thread: string): Promise<string | null>;
  moved(thread: string, message: string): Promise<void>;
}

export const createStarters = (state: Pick<AdapterState, "get" | "put">): Starters => ({
  of: (thread) => state.get(`starter:${thread}`),
  moved: (thread, message) => state.put(`starter:${thread}`, message),
});
