import { describe, expect, test, vi } from "vitest";
import type { OpenStoreBench } from "./store-bench.ts";
import { PATIENCE } from "../support/patience.ts";

/** What every store keeps of installations. */
export function installsContract(name: string, open: OpenStoreBench): void {
  describe(`${name}: installations`, () => {
    test("installations are kept by platform and key, the latest counts", async () => {
      const { store } = await open();
      const [slack, discord] = [store.installs.of("slack"), store.installs.of("discord")];
      await slack.put("team:T2", "sealed 2");
      await slack.put("team:T1", "sealed 1");
      await slack.put("team:T1", "sealed anew");
      expect(await slack.get("team:T1")).toBe("sealed anew");
      expect(await discord.list()).toEqual([]);
      await slack.remove("team:T1");
      expect(await slack.list()).toEqual([{ key: "team:T2", sealed: "sealed 2" }]);
    });

    test("an installation changes and goes only as it was read, and every process hears of it", async () => {
      const { store } = await open();
      const slack = store.installs.of("slack");
      const heard: (string | null)[] = [];
      const stop = await slack.onChange((key) => heard.push(key));
      await slack.put("team:T1", "first");
      expect(await slack.add("team:T1", "never")).toBe(false);
      expect(await slack.add("team:T3", "added")).toBe(true);
      expect(await slack.get("team:T3")).toBe("added");
      await slack.remove("team:T3");
      const made = await slack.madeAt("team:T1");
      expect(await slack.replace("team:T1", "other", "never")).toBe(false);
      expect(await slack.replace("team:T1", "first", "second")).toBe(true);
      expect([await slack.madeAt("team:T1"), await slack.madeAt("team:T2")]).toEqual([made, null]);
      expect(await slack.remove("team:T1", "first")).toBe(false);
      await store.installs.of("discord").put("guild:1", "not slack's");
      expect(await slack.remove("team:T1", "second")).toBe(true);
      expect(await slack.remove("team:T1")).toBe(false);
      await vi.waitFor(
        () => expect(heard).toEqual(["team:T1", "team:T3", "team:T3", "team:T1", "team:T1"]),
        PATIENCE,
      );
      await stop();
    });
  });
}
