import { expect, test } from "vitest";
import { readPdf } from "../../src/pdf/read-pdf.ts";
import { samplePdf } from "./sample-pdf.ts";

test("gives the text of all pages", async () => {
  expect(await readPdf(samplePdf("The fee is 42 euros", 2))).toEqual({
    text: "The fee is 42 euros\n\nThe fee is 42 euros",
    pages: 2,
    read: 2,
  });
});

test("reads the first pages of a long one", async () => {
  expect(await readPdf(samplePdf("word", 320))).toMatchObject({ pages: 320, read: 300 });
});

test.each([
  ["no PDF", new TextEncoder().encode("nonsense"), "it is not a valid PDF"],
  ["a PDF cut off", samplePdf("x").subarray(0, 60), "it is not a valid PDF"],
  ["nothing", new Uint8Array(0), "it is not a valid PDF"],
  ["a PDF without text", samplePdf(""), "it contains no text, only pictures"],
  ["one that is too large", new Uint8Array(20_000_001), "it is too large"],
])("says why %s has no text", async (_, data, why) => {
  expect(await readPdf(data)).toEqual({ why });
});

test("leaves the event loop to others", async () => {
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 5);
  await readPdf(samplePdf("x".repeat(300), 300));
  clearInterval(timer);
  expect(turns).toBeGreaterThan(20);
});
