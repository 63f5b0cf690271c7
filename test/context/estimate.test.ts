import { expect, it } from "vitest";
import { estimateMessage, estimateText } from "../../src/context/estimate.ts";
import { growthOf, MOST_GROWTH } from "../support/growth.ts";
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
  ["spaces", " "],
  ["end-of-text tokens", "<|endoftext|>"],
  ["half-open fences", "< "],
  ["one letter", "a"],
])("takes 100 kB of %s in its stride", (_, piece) => {
  const read = (text: string) =>
    build(talk(asks(text), asks("request")), { reader: reader(200_000) });
  expect(read(piece.repeat(100_000 / piece.length)).tokens).toBeLessThan(80_000);
  expect(growthOf(read, piece, 100_000)).toBeLessThanOrEqual(MOST_GROWTH);
});
