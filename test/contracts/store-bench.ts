import { onTestFinished } from "vitest";
import { ConversationId, TurnId } from "../../src/ids.ts";
import type { Database } from "../../src/store/database.ts";
import { createStore } from "../../src/store/store.ts";

export const conversation = ConversationId.parse("test:space:channel:thread");
export const turnId = (id: string) => TurnId.parse(id);

export type OpenStoreBench = () => ReturnType<typeof openStoreBench>;

/** A store over an empty database, with a wall clock that stands at `time.now`. */
export async function openStoreBench(db: Database) {
  const time = { now: 1_000_000 };
  const store = await createStore(db, () => time.now);
  onTestFinished(() => store.close());
  const add = (id: string, where = conversation) =>
    store.turns.add({
      id: turnId(id),
      conversation: where,
      request: `message of ${id}`,
      person: "test:ada",
      team: { name: "duo" },
    });
  /** A turn whose message was written at a time, ms. */
  const ask = async (id: string, at: number) => {
    const author = { id: "ada", name: "Ada", kind: "person" } as const;
    const message = { id: `message of ${id}`, author, text: id, files: [], at };
    await store.messages.upsert(conversation, [message]);
    return add(id);
  };
  /** A turn that has been started once. */
  const running = async (id: string) => {
    await add(id);
    const turn = await store.turns.start(turnId(id));
    if (!turn) throw new Error("the turn is done");
    return turn;
  };
  return { store, time, add, ask, running };
}
