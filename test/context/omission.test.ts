import { expect, it } from "vitest";
import { formatOmission, NOTHING_OMITTED, worstOf } from "../../src/context/omission.ts";

const line = (omission: Partial<typeof NOTHING_OMITTED>) =>
  formatOmission({ ...NOTHING_OMITTED, ...omission });

it("is one line for people, or none", () => {
  expect(line({})).toBeUndefined();
  expect(line({ messages: 1 })).toBe("Not read: 1 older message.");
  expect(line({ messages: 12, summarised: 12 })).toBe("Not read: 12 older messages (summarised).");
  expect(line({ messages: 12, cut: 2, files: 1 })).toBe(
    "Not read: 12 older messages, the middle of 2 long texts and 1 file.",
  );
  expect(line({ incomplete: true })).toBe("Not read: messages the platform did not return.");
});

it("adds several agents up to what at least one did not see", () => {
  const a = { ...NOTHING_OMITTED, messages: 3, cut: 1 };
  const b = { ...NOTHING_OMITTED, messages: 5, incomplete: true };
  expect(worstOf(a, b)).toEqual({ messages: 5, summarised: 0, cut: 1, files: 0, incomplete: true });
});
