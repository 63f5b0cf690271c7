import { expect, it } from "vitest";
import { estimateMessage, estimateText } from "../../src/context/estimate.ts";
import { asks, build, reader, talk } from "./conversations.ts";

const file = (mediaType: string, bytes: number) =>
  ({ type: "file", name: "f", mediaType, data: new Uint8Array(bytes) }) as const;

it("counts a quarter of the UTF-8 bytes", () => {
  expect(estimateText("abcd")).toBe(1);
  expect(estimateText("漢字漢字")).toBe(3);
});

it("counts an image by what providers charge at most, a PDF by its size", () => {
  const tokens = (mediaType: string, bytes: number) =>
    estimateMessage({ role: "user", parts: [file(mediaType, bytes)] }) - 4;
  expect(tokens("image/png", 3_000_000)).toBe(1600);
  expect(tokens("application/pdf", 10)).toBe(1500);
  expect(tokens("application/pdf", 1_000_000)).toBe(50_000);
});

it.each([
  ["100 kB of spaces", " ".repeat(100_000)],
  ["end-of-text tokens", "<|endoftext|>".repeat(8000)],
  ["half-open fences", "< ".repeat(50_000)],
  ["one letter", "a".repeat(100_000)],
])("takes %s in its stride", (_, text) => {
  const started = performance.now();
  const { tokens } = build(talk(asks(text), asks("request")), { reader: reader(200_000) });
  expect(tokens).toBeLessThan(80_000);
  expect(performance.now() - started).toBeLessThan(250);
});
