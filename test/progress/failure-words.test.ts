import { expect, test } from "vitest";
import { byDeletionOf, formatStop } from "../../src/progress/failure-words.ts";

test.each([
  ["Ada", "stopped by Ada"],
  ["the deletion crew", "stopped by the deletion crew"],
  [byDeletionOf("question"), "stopped because the question was deleted"],
  [byDeletionOf("thread"), "stopped because the thread was deleted"],
  // Journals of older versions.
  ["the deletion of the question", "stopped because the question was deleted"],
  ["the deletion of the thread", "stopped because the thread was deleted"],
])("a turn stopped by “%s” says “%s”", (by, words) => {
  expect(formatStop(by)).toBe(words);
});
