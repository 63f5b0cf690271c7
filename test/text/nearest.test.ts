import { expect, test } from "vitest";
import { nearest } from "../../src/text/nearest.ts";

const keys = ["model", "api_key", "base_url", "headers"];

test.each([
  ["modle", "model"],
  ["apiKey", "api_key"],
  ["base-url", "base_url"],
  ["header", "headers"],
  ["Model", "model"],
])("%s most likely means %s", (word, meant) => {
  expect(nearest(word, keys)).toBe(meant);
});

test.each(["temperature", "x", ""])("%s is near nothing", (word) => {
  expect(nearest(word, keys)).toBeNull();
});

test("a word that nobody could mistype is near nothing, at once", () => {
  expect(nearest("s".repeat(39_000), ["status", "stop"])).toBeNull();
  expect(nearest("status", ["s".repeat(39_000), "state"])).toBe("state");
});
