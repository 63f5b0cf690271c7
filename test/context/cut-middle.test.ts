import fc from "fast-check";
import { expect, it } from "vitest";
import { cutMiddle } from "../../src/context/cut-middle.ts";
import { propertyRuns } from "../support/property-runs.ts";

it("leaves a text that fits as it is", () => {
  expect(cutMiddle("häßlich", 9)).toBe("häßlich");
});

it("keeps the beginning and the end of a longer one, and says how much is gone", () => {
  expect(cutMiddle("abcdefghijklmnopqrst", 10)).toBe(
    "abcdef\n[… 10 characters left out here …]\nqrst",
  );
});

it("never cuts a character in two, keeps within its bytes and loses nothing else", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "é", "漢", "🦊"), maxLength: 200 });
  fc.assert(
    fc.property(text, fc.nat(400), (whole, most) => {
      const cut = cutMiddle(whole, most);
      if (cut === whole) return;
      expect(cut.isWellFormed()).toBe(true);
      const [head = "", gone = "", tail = ""] = cut.split(/\n\[… (\d+) characters .*\]\n/);
      expect(whole.startsWith(head) && whole.endsWith(tail)).toBe(true);
      expect(head.length + Number(gone) + tail.length).toBe(whole.length);
      expect(Buffer.byteLength(head + tail)).toBeLessThanOrEqual(most);
    }),
    { numRuns: propertyRuns(100) },
  );
});
