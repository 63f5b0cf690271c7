import { describe, expect, test } from "vitest";
import { createLedger } from "../../../src/backends/concessions/ledger.ts";
import type { RecordedRequest } from "../../servers/model-wire.ts";
import { useModelFaults } from "../../servers/use-model-faults.ts";
import { ask, file, said } from "../ask.ts";
import { backendOf, errorBody, type Kind, KINDS, serveByRules } from "./stage.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const has =
  (...texts: readonly string[]) =>
  ({ raw }: RecordedRequest) =>
    texts.some((text) => raw.includes(base64(text)));

const image = (text: string) => file(`${text.replaceAll(" ", "-")}.png`, "image/png", text);
const pdf = (text: string) => file(`${text.replaceAll(" ", "-")}.pdf`, "application/pdf", text);
const asking = (...parts: readonly ReturnType<typeof file>[]) => ({
  messages: [
    { role: "user" as const, parts: [...parts, { type: "text" as const, text: "Ada: look" }] },
  ],
});

/** How servers say that they cannot read a picture. */
const BROKEN_IMAGE = [
  // anthropics/claude-code#46127
  "Could not process image",
  // egoist/chatwise-releases#799
  "Unable to process input image. Please retry or report in https://developers.generativeai.google/guide/troubleshooting",
  // AmberSahdev/Open-Interface#64
  "Provided image is not valid.",
  // STranslate/STranslate#277
  "You uploaded an unsupported image. Please make sure your image has of one the following formats: ['png', 'jpeg', 'gif', 'webp'].",
  "The image data you provided does not represent a valid image.",
  "Invalid base64 image_url.",
  "image exceeds 5 MB maximum: 8259148 bytes > 5242880 bytes",
  // anthropics/claude-code#4778
  "At least one of the image dimensions exceed max allowed size: 8000 pixels",
  "Failed to load image: cannot identify image file",
  "The image length and width do not meet the model restrictions.",
  // google-gemini/gemini-cli#14838
  "Request contains an invalid argument.",
];

const BROKEN_PDF = [
  // google-gemini/gemini-cli#13808
  "The document has no pages.",
  // anthropics/claude-code#6231
  "A maximum of 100 PDF pages may be provided.",
  "The PDF specified is password protected.",
  "The PDF specified was not valid.",
  "Could not process PDF",
  "Failed to parse document: file is encrypted",
];

describe("a file that a server cannot read", () => {
  const faults = useModelFaults();
  const serve = (kind: Kind, words: string, bad: readonly string[], status = 400) =>
    serveByRules(faults(), [
      { offends: has(...bad), status, body: errorBody(kind, status, words) },
    ]);
  const each = (list: readonly string[]) =>
    list.flatMap((words) => KINDS.map((kind) => ({ kind, words })));

  test.each(each(BROKEN_IMAGE))(
    "a bad file is the only image that $kind leaves out, now and later ($words)",
    async ({ kind, words }) => {
      serve(kind, words, ["broken"]);
      const one = backendOf(kind, faults().url);
      const question = asking(image("good one"), image("broken"), image("good two"));
      const events = await ask(one, question);
      expect(said(events)).toBe("ok");
      expect(faults().requests.length).toBeLessThanOrEqual(7);
      const last = faults().requests.at(-1);
      expect(last && has("good one")(last)).toBe(true);
      expect(last && has("good two")(last)).toBe(true);
      expect(last?.raw).toContain("File left out: broken.png");
      expect(events.filter(({ type }) => type === "left_out")).toEqual([
        {
          type: "left_out",
          files: [{ file: "broken.png", why: "its provider cannot read this file", isNew: true }],
        },
      ]);
      const steps = faults().requests.length;
      const later = await ask(one, question);
      expect(faults().requests.length).toBe(steps + 1);
      expect(later.find(({ type }) => type === "left_out")).toMatchObject({
        files: [{ isNew: false }],
      });
    },
  );

  test.each(each(BROKEN_PDF))(
    "a bad file is the only PDF that $kind leaves out, now and later ($words)",
    async ({ kind, words }) => {
      serve(kind, words, ["locked"]);
      const one = backendOf(kind, faults().url);
      const question = asking(pdf("plan"), pdf("locked"), image("cat"));
      expect(said(await ask(one, question))).toBe("ok");
      const steps = faults().requests.length;
      expect(said(await ask(one, question))).toBe("ok");
      expect(faults().requests.length).toBe(steps + 1);
      const last = faults().requests.at(-1);
      expect(last && has("plan")(last)).toBe(true);
      expect(last && has("cat")(last)).toBe(true);
      expect(last?.raw).toContain("locked.pdf");
    },
  );

  test.each([
    ["anthropic", "messages.0.content.1.image.source.base64: image exceeds 5 MB maximum"],
    ["openai", "Invalid 'input[0].content[1].image_url'. The image is not valid."],
    ["compatible", "messages[1].content[1]: could not decode the image"],
    ["gemini", "Unable to process the image at contents[0].parts[1]"],
  ] as const)("a bad file is found at once where %s names its place", async (kind, words) => {
    serve(kind, words, ["broken"]);
    const question = asking(image("a"), image("broken"), image("c"), image("d"), image("e"));
    expect(said(await ask(backendOf(kind, faults().url), question))).toBe("ok");
    expect(faults().requests).toHaveLength(2);
  });

  test.each(KINDS)("a bad file is found by its name in what %s says", async (kind) => {
    serve(kind, "Could not process image broken.png", ["broken"]);
    const question = asking(image("a"), image("broken"), image("c"));
    expect(said(await ask(backendOf(kind, faults().url), question))).toBe("ok");
    expect(faults().requests).toHaveLength(2);
  });

  test.each(KINDS)("a bad file may have company: %s leaves out two of six", async (kind) => {
    serve(kind, "Could not process image", ["bad one", "bad two"]);
    const good = ["g1", "g2", "g3", "g4"];
    const names = ["g1", "bad one", "g2", "g3", "bad two", "g4"];
    expect(said(await ask(backendOf(kind, faults().url), asking(...names.map(image))))).toBe("ok");
    const last = faults().requests.at(-1);
    for (const text of good) expect(last && has(text)(last)).toBe(true);
    expect(faults().requests.length).toBeLessThanOrEqual(14);
  });

  test.each(KINDS)(
    "a bad file is searched for by calls that %s answers, each of which is told with what it used",
    async (kind) => {
      const usage = { input: 900, cached: 0, cacheWritten: 0, output: 3, reasoning: 0 };
      const rule = {
        offends: has("broken"),
        status: 400,
        body: errorBody(kind, 400, "Could not process image"),
      };
      serveByRules(faults(), [rule], { text: "ok", usage });
      const names = ["g1", "g2", "broken", "g3"];
      const events = await ask(backendOf(kind, faults().url), asking(...names.map(image)));
      const probes = events.filter(({ type }) => type === "probed");
      const answered = faults().requests.filter((request) => !has("broken")(request));
      // All answered calls but the last one, which is the answer itself.
      expect(probes).toHaveLength(answered.length - 1);
      expect(probes.length).toBeGreaterThan(0);
      for (const probe of probes) expect(probe).toMatchObject({ mostOutput: 16 });
      expect(events.findLastIndex(({ type }) => type === "probed")).toBeLessThan(
        events.findIndex(({ type }) => type === "text"),
      );
      // Anthropic counts the prompt before the answer.
      if (kind === "anthropic") expect(probes[0]).toMatchObject({ usage: { input: 900 } });
    },
  );

  test.each(KINDS)(
    "a bad file is left out of other conversations of the same model at %s",
    async (kind) => {
      serve(kind, "Could not process image", ["broken"]);
      const ledger = createLedger();
      await ask(backendOf(kind, faults().url, { ledger }), asking(image("broken")));
      const steps = faults().requests.length;
      expect(
        said(
          await ask(backendOf(kind, faults().url, { ledger }), asking(image("broken"), image("b"))),
        ),
      ).toBe("ok");
      expect(faults().requests.length).toBe(steps + 1);
    },
  );
});
