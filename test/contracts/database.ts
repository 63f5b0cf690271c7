import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { Database } from "../../src/store/database.ts";
import { PATIENCE } from "../support/patience.ts";

const numbers = async (db: Pick<Database, "q">) =>
  (await db.q("SELECT n FROM counted ORDER BY n")).map((row) => Number(row["n"]));
const insert = (db: Pick<Database, "q">, n: number) =>
  db.q("INSERT INTO counted (n) VALUES ($1)", [n]);

/** What every `Database` must do. */
export function databaseContract(name: string, open: () => Promise<Database>): void {
  describe(`${name} as a database`, () => {
    let db: Database;
    beforeEach(async () => {
      db = await open();
      onTestFinished(() => db.close());
      await db.q("CREATE TABLE counted (n BIGINT PRIMARY KEY)");
    });

    test("a statement takes numbered parameters, each as often as it likes, and returns its rows", async () => {
      await db.q("CREATE TABLE kept (a TEXT, b TEXT, c DOUBLE PRECISION)");
      const rows = await db.q("INSERT INTO kept VALUES ($2, $2, $1) RETURNING a, b, c", [1.5, "x"]);
      expect(rows.map((row) => ({ ...row }))).toEqual([{ a: "x", b: "x", c: 1.5 }]);
    });

    test("a transaction is all or nothing", async () => {
      await db.tx(async (t) => {
        await insert(t, 1);
        await insert(t, 2);
      });
      const failed = db.tx(async (t) => {
        await insert(t, 3);
        throw new Error("changed my mind");
      });
      await expect(failed).rejects.toThrow("changed my mind");
      expect(await numbers(db)).toEqual([1, 2]);
    });

    test("a transaction whose statement fails leaves nothing behind", async () => {
      await insert(db, 1);
      const failed = db.tx(async (t) => {
        await insert(t, 2);
        await insert(t, 1);
      });
      await expect(failed).rejects.toThrow();
      expect(await numbers(db)).toEqual([1]);
    });

    test("a nested transaction is a part of the outer one, and takes all of it with it when it fails", async () => {
      await db.tx(async (t) => {
        await insert(t, 1);
        await t.tx((nested) => insert(nested, 2));
      });
      const failed = db.tx(async (t) => {
        await insert(t, 3);
        const nested = t.tx(async (inner) => {
          await insert(inner, 4);
          throw new Error("changed my mind");
        });
        await nested.catch(() => undefined);
      });
      await expect(failed).rejects.toThrow("changed my mind");
      expect(await numbers(db)).toEqual([1, 2]);
    });

    test("a hundred interleaved transactions, half of them rolled back, leave plain writes alone", async () => {
      const transaction = (i: number) =>
        db.tx(async (t) => {
          await insert(t, i);
          await Promise.resolve();
          await insert(t, 1000 + i);
          if (i % 2 === 1) throw new Error("rolled back");
        });
      const all = Array.from({ length: 100 }, (_, i) => [
        transaction(i).catch(() => undefined),
        insert(db, 2000 + i),
      ]);
      await Promise.all(all.flat());
      const even = Array.from({ length: 50 }, (_, i) => 2 * i);
      const plain = Array.from({ length: 100 }, (_, i) => 2000 + i);
      expect(await numbers(db)).toEqual([...even, ...even.map((n) => 1000 + n), ...plain]);
    });

    test("transactions that count up in the same row lose no step", async () => {
      await insert(db, 0);
      const step = () => db.tx((t) => t.q("UPDATE counted SET n = n + 1"));
      await Promise.all(Array.from({ length: 50 }, step));
      expect(await numbers(db)).toEqual([50]);
    });

    test("a statement after its transaction is refused", async () => {
      const t = await db.tx(async (inside) => inside);
      await expect(insert(t, 1)).rejects.toThrow("after its transaction");
    });

    test("listeners hear a notice on their channel until they stop", async () => {
      const heard: string[] = [];
      const unlisten = await db.listen("a", (payload) => heard.push(payload));
      await db.notify("b", "not for me");
      await db.notify("a", "one");
      await vi.waitFor(() => expect(heard).toEqual(["one"]), PATIENCE);
      await unlisten();
      await db.notify("a", "two");
      await db.q("SELECT 1");
      expect(heard).toEqual(["one"]);
    });

    test("a lock is one holder's until it is given back", async () => {
      const first = await db.lock("shard 1");
      expect(first?.lost.aborted).toBe(false);
      expect(await db.lock("shard 1")).toBeNull();
      const other = await db.lock("shard 2");
      expect(other).not.toBeNull();
      await first?.release();
      const next = await db.lock("shard 1");
      expect(next).not.toBeNull();
      // Given back twice, it is not taken from whoever has it now.
      await first?.release();
      expect(await db.lock("shard 1")).toBeNull();
      expect(other?.lost.aborted).toBe(false);
    });

    test("many who ask at once for a lock are told no, but for one", async () => {
      const asked = await Promise.all(Array.from({ length: 20 }, () => db.lock("one")));
      expect(asked.filter((lock) => lock !== null)).toHaveLength(1);
    });

    test("who holds a lock is told when the session it stands on ends", async () => {
      const held = await db.lock("mine");
      await db.close();
      expect(held?.lost.aborted).toBe(true);
    });

    test("a notice from a transaction is heard after it has committed, and never if it is rolled back", async () => {
      const heard: string[] = [];
      await db.listen("a", (payload) => heard.push(payload));
      const noticeThen = (payload: string, end: () => void) =>
        db.tx(async (t) => {
          await t.notify("a", payload);
          await insert(t, heard.length);
          end();
        });
      const failed = noticeThen("rolled back", () => {
        throw new Error("no");
      });
      await expect(failed).rejects.toThrow("no");
      await noticeThen("committed", () => expect(heard).toEqual([]));
      await vi.waitFor(() => expect(heard).toEqual(["committed"]), PATIENCE);
    });
  });
}
