import { ConversationId } from "../../../src/ids.ts";
import type { AdapterState } from "../../../src/adapter-storage.ts";

/** Conversations with a loading sign, in all processes: they outlive the one that set it. */
export interface KeptList {
  /** What the store held at the start: left by a crash, or of turns that run elsewhere. */
  readonly leftovers: readonly ConversationId[];
  add(conversation: ConversationId): void;
  remove(conversation: ConversationId): void;
  /** Resolves when all changes are stored, or cannot be. */
  settled(): Promise<void>;
}

const PREFIX = "loading:";

/** Never rejects; what cannot be read or stored is reported. */
export async function openKeptList(
  state: AdapterState,
  onProblem: (problem: unknown) => void,
): Promise<KeptList> {
  const leftovers = await state.keys(PREFIX).catch((problem: unknown) => {
    onProblem(problem);
    return [];
  });
  let last = Promise.resolve();
  const change = (work: () => Promise<void>): void => {
    last = last.then(work).catch(onProblem);
  };
  return {
    leftovers: leftovers.map((key) => ConversationId.parse(key.slice(PREFIX.length))),
    add: (conversation) => change(() => state.put(PREFIX + conversation, "true")),
    remove: (conversation) => change(() => state.remove(PREFIX + conversation)),
    settled: () => last,
  };
}
