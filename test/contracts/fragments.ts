import { describe, expect, test } from "vitest";
import { FencedError } from "../../src/store/store-error.ts";
import { type OpenStoreBench, conversation, turnId } from "./store-bench.ts";

const SETTLE = 1_500;

/** What every store does with messages that belong to one question. */
export function fragmentsContract(name: string, open: OpenStoreBench): void {
  const settling = async () => {
    const bench = await open();
    const { store, time } = bench;
    const author = { id: "ada", name: "Ada", kind: "person" } as const;
    const write = (id: string, at = time.now) =>
      store.messages.upsert(conversation, [{ id, author, text: id, files: [], at }]);
    await write("first");
    const request = { conversation, request: "first", person: "test:ada", team: {} };
    await store.turns.add({ id: turnId("a"), ...request, settleMs: SETTLE });
    /** A person writes one more. */
    const follow = async (message: string, person = "test:ada", at = time.now) =>
      store.tx(async (inside) => {
        await inside.messages.upsert(conversation, [
          { id: message, author, text: message, files: [], at },
        ]);
        return inside.fragments.join({ conversation, message, person, at, settleMs: SETTLE });
      });
    const start = async () => {
      const turn = await store.turns.start(turnId("a"));
      if (!turn) throw new Error("the turn is done");
      return turn;
    };
    return { ...bench, write, follow, start };
  };

  describe(`${name}: messages that belong to one question`, () => {
    test("a message joins its writer's turn while that waits, queued or started, and in order", async () => {
      const { store, time, follow, start } = await settling();
      expect(await follow("second")).toBe("a");
      await start();
      time.now += 1_000;
      expect(await follow("third")).toBe("a");
      expect(await store.fragments.of(conversation, "first")).toEqual(["second", "third"]);
      expect(await store.fragments.requestOf(conversation, "third")).toBe("first");
      expect(await store.fragments.requestOf(conversation, "fourth")).toBe("fourth");
    });

    test("a message of somebody else, a late one, and one written long before join nothing", async () => {
      const { time, follow } = await settling();
      expect(await follow("hers", "test:eve")).toBeUndefined();
      expect(await follow("old", "test:ada", time.now - 60_000)).toBeUndefined();
      time.now += SETTLE;
      expect(await follow("late")).toBeUndefined();
    });

    test("nothing joins a turn that somebody stopped, or one that never waits", async () => {
      const { store, follow, ask } = await settling();
      await store.turns.cancel(turnId("a"), { by: "Ada", reason: "stop" });
      expect(await follow("second")).toBeUndefined();
      await ask("b", 1_000_000);
      expect(await follow("third")).toBeUndefined();
    });

    test("each message lets the turn wait anew, three times as long in all", async () => {
      const { store, time, follow } = await settling();
      const until = async () => (await store.turns.get(turnId("a")))?.settlesAt;
      expect(await until()).toBe(1_001_500);
      const ends = [];
      for (const id of ["b", "c", "d", "e"]) {
        time.now += 1_000;
        await follow(id);
        ends.push(await until());
      }
      expect(ends).toEqual([1_002_500, 1_003_500, 1_004_500, 1_004_500]);
    });

    test("a turn closes unless a message joined it meanwhile, and then takes no more", async () => {
      const { store, time, follow, start } = await settling();
      const turn = await start();
      time.now += 1_000;
      await follow("second");
      expect(await store.fragments.close(turn, 1_001_500)).toBe(1_002_500);
      expect(await store.fragments.close(turn, 1_002_500)).toBeNull();
      expect(await store.fragments.close(turn, 1_002_500)).toBeNull();
      expect(await follow("third")).toBeUndefined();
      await start();
      await expect(store.fragments.close(turn, 1_002_500)).rejects.toThrow(FencedError);
    });

    test("whatever comes while a turn closes is in it or is not", async () => {
      const { store, follow, start } = await settling();
      const turn = await start();
      const [joined, ...rest] = await Promise.all([
        follow("second"),
        store.fragments.close(turn, 1_001_500),
        follow("third"),
      ]);
      const parts = await store.fragments.of(conversation, "first");
      expect(parts.includes("second")).toBe(joined === "a");
      expect(parts.includes("third")).toBe(rest[1] === "a");
    });

    test("the oldest of the others takes the place of a first message that is deleted", async () => {
      const { store, follow } = await settling();
      await follow("second");
      await follow("third");
      await store.messages.remove(conversation, ["first"]);
      expect(await store.fragments.promote(conversation, "first")).toBe("second");
      expect(await store.turns.get(turnId("a"))).toMatchObject({ request: "second" });
      await store.messages.remove(conversation, ["third"]);
      expect(await store.fragments.of(conversation, "second")).toEqual([]);
      expect(await store.fragments.promote(conversation, "second")).toBeUndefined();
    });

    test("a message that takes another one's place is part of the same question, even after the deletion", async () => {
      const { store, write, follow } = await settling();
      await follow("second");
      await write("second by proxy");
      await store.turns.moveRequest(conversation, "second", "second by proxy");
      await store.messages.remove(conversation, ["first"]);
      await store.fragments.promote(conversation, "first");
      await write("first by proxy");
      await store.turns.moveRequest(conversation, "first", "first by proxy");
      expect(await store.turns.get(turnId("a"))).toMatchObject({ request: "second by proxy" });
      expect(await store.fragments.of(conversation, "second by proxy")).toEqual(["first by proxy"]);
    });
  });
}
