import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { KeyValueStore } from "../../src/store/keyv/key-values.ts";

/** What a set of key-values must do, wherever they are kept; `reopen`: as the next process finds them. */
export function describeKeyValues(
  name: string,
  setup: () => Promise<{ store: KeyValueStore; reopen: () => Promise<KeyValueStore> }>,
): void {
  describe(`key-values on ${name}`, () => {
    let rig: Awaited<ReturnType<typeof setup>>;
    beforeEach(async () => {
      vi.useFakeTimers({ toFake: ["Date"] });
      rig = await setup();
    });
    afterEach(async () => {
      vi.useRealTimers();
      await rig.store.close();
    });

    test.each([
      ["texts", "Ada :base64: Lovelace"],
      ["numbers", 0.5],
      ["records", { name: "Ada", isAdmin: false, groups: ["S1"] }],
      ["nothing but null", null],
    ])("gives back %s", async (_, value) => {
      const users = rig.store.of("users");
      await users.set("U1", value, 1_000);
      expect(await users.get("U1")).toEqual(value);
      await users.set("U1", "newer", 1_000);
      expect(await users.get("U1")).toBe("newer");
    });

    test("knows nothing of what was never set, nor of other names' keys", async () => {
      await rig.store.of("users").set("U1", "Ada", 1_000);
      expect(await rig.store.of("users").get("U2")).toBeUndefined();
      expect(await rig.store.of("states").get("U1")).toBeUndefined();
    });

    test("forgets what has had its time", async () => {
      const users = rig.store.of("users");
      await users.set("U1", "Ada", 1_000);
      vi.setSystemTime(Date.now() + 999);
      expect(await users.get("U1")).toBe("Ada");
      vi.setSystemTime(Date.now() + 2);
      expect(await users.get("U1")).toBeUndefined();
      expect(await users.take("U1")).toBeUndefined();
    });

    test("gives what is taken to one alone, of many who ask at once", async () => {
      const states = rig.store.of("states");
      await states.set("s", { scope: "chat:write" }, 1_000);
      const taken = await Promise.all(Array.from({ length: 20 }, () => states.take("s")));
      expect(taken.filter((value) => value !== undefined)).toEqual([{ scope: "chat:write" }]);
      expect(await states.get("s")).toBeUndefined();
    });

    test("keeps them for the next process", async () => {
      await rig.store.of("users").set("U1", "Ada", 60_000);
      const next = await rig.reopen();
      expect(await next.of("users").get("U1")).toBe("Ada");
      await next.close();
    });
  });
}
