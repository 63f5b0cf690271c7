import { expect, test } from "vitest";
import { reseal } from "../../src/sealing/reseal.ts";
import { createSeal, secretsOf, UnsealError } from "../../src/sealing/seal.ts";

const purpose = "tests";
const old = createSeal({ secret: "old", purpose });
const next = createSeal({ secret: "new", oldSecrets: ["older", "old"], purpose });

test("a text opens only with its secret, key and purpose", () => {
  const sealed = old.close("xoxb-token", "team:T1");
  expect(sealed).not.toContain("xoxb");
  expect(old.open(sealed, "team:T1")).toBe("xoxb-token");
  expect(old.close("xoxb-token", "team:T1")).not.toBe(sealed);
  const others = [
    () => old.open(sealed, "team:T2"),
    () => createSeal({ secret: "other", purpose }).open(sealed, "team:T1"),
    () => createSeal({ secret: "old", purpose: "else" }).open(sealed, "team:T1"),
    () => old.open(`${sealed.slice(0, -4)}AAAA`, "team:T1"),
    () => old.open("", "team:T1"),
    () => old.open("1.short", "team:T1"),
  ];
  for (const open of others) expect(open).toThrow(UnsealError);
});

test("after a secret rotation, the old secret still opens texts, and re-sealed texts need only the new one", () => {
  const sealed = old.close("text", "key");
  expect(next.open(sealed, "key")).toBe("text");
  const renewed = next.renew(sealed, "key") ?? "";
  expect(createSeal({ secret: "new", purpose }).open(renewed, "key")).toBe("text");
  expect(next.renew(renewed, "key")).toBeUndefined();
  expect(() => old.renew(renewed, "key")).toThrow(UnsealError);
});

test("re-sealing updates texts with an old secret, and skips those that change meanwhile or cannot be opened", async () => {
  const rows = new Map([
    ["a", old.close("A", "a")],
    ["b", next.close("B", "b")],
    ["c", createSeal({ secret: "lost", purpose }).close("C", "c")],
    ["d", old.close("D", "d")],
  ]);
  const table = {
    list: async () => [...rows].map(([key, sealed]) => ({ key, sealed })),
    async replace(key: string, before: string, sealed: string) {
      if (key === "d") rows.set("d", "somebody was faster");
      if (rows.get(key) !== before) return false;
      rows.set(key, sealed);
      return true;
    },
  };
  const before = new Map(rows);
  expect(await reseal(table, next)).toEqual({ renewed: ["a"], unreadable: ["c"] });
  expect(createSeal({ secret: "new", purpose }).open(rows.get("a") ?? "", "a")).toBe("A");
  expect([rows.get("b"), rows.get("c")]).toEqual([before.get("b"), before.get("c")]);
  expect(rows.get("d")).toBe("somebody was faster");
  expect(await reseal(table, next)).toEqual({ renewed: [], unreadable: ["c", "d"] });
});

test("a setting holds one or several secrets, and a secret may contain a comma", () => {
  expect(secretsOf(undefined)).toEqual([]);
  expect(secretsOf("  ")).toEqual([]);
  expect(secretsOf("a state secret")).toEqual(["a state secret"]);
  expect(secretsOf("one, two\nthree")).toEqual(["one, two\nthree", "one", "two", "three"]);
});
