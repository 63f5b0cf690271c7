import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { createClaimFilter, splitClaim } from "../../src/moves/claim-line.ts";
import { propertyRuns } from "../support/property-runs.ts";
import { call, callsFor, move, play, says, scores } from "./table.ts";

const asked = (kind: "answer" | "review") => move(kind, { claims: true });

it("takes the claim line off an answer, in the shapes that models write", () => {
  for (const line of [
    "Claim: 42",
    "**Claim:** 42",
    "**Claim: 42**",
    "claim : 42",
    "> Claim: 42",
    "`Claim: 42`",
    "### Claim: 42",
    "- Claim： 42",
    "_Claim:_ 42  \n\n",
    "Claim line: 42",
  ]) {
    expect(splitClaim(`It is 42.\n\n${line}`), line).toEqual({ text: "It is 42.", claim: "42" });
  }
});

it("takes the rule between the answer and its claim line off as well", () => {
  expect(splitClaim("Yes.\n\n---\n\nClaim: yes")).toEqual({ text: "Yes.", claim: "yes" });
});

it("leaves what is no claim line", () => {
  for (const text of [
    "No claim here.",
    "Claim: first\n\nand then the reasons.",
    "They claim: nothing.",
    "Claims: two",
    `Fine.\nClaim: ${"a long sentence that goes on ".repeat(10)}`,
    "",
  ]) {
    expect(splitClaim(text), text).toEqual({ text });
  }
});

it("keeps the words of an answer that is nothing but its claim line", () => {
  expect(splitClaim("Claim: 42")).toEqual({ text: "42", claim: "42" });
});

it("drops an empty claim line", () => {
  expect(splitClaim("Seven.\nClaim:")).toEqual({ text: "Seven." });
});

describe("a move", () => {
  it("returns an answer without its claim line, and what it claimed", async () => {
    const { outcome, requests, streamed } = await play(asked("answer"), [
      says("Seven.\n\nClaim: 7"),
    ]);
    expect(outcome).toMatchObject({ kind: "answered", text: "Seven.", claim: "7" });
    expect(JSON.stringify(requests[0]?.messages)).toContain("the word Claim");
    expect(streamed()).toBe("Seven.");
  });

  it("asks for no claim, and leaves such a line, where answers are not counted together", async () => {
    const { outcome, requests } = await play(move("answer"), [says("Seven.\n\nClaim: 7")]);
    expect(outcome).toMatchObject({ text: "Seven.\n\nClaim: 7" });
    expect(outcome).not.toHaveProperty("claim");
    expect(JSON.stringify(requests[0]?.messages)).not.toContain("the word Claim");
  });

  it("reads the claim of a new answer from its call, or from its last line", async () => {
    const given = { scores: scores({ B: 3 }), reason: "", objection: "", objection_to: "" };
    const inField = callsFor(call("new_answer", { ...given, content: "Ten.", claim: "10" }));
    const inText = callsFor(
      call("new_answer", { ...given, content: "Ten.\nClaim: 10", claim: "" }),
    );
    for (const script of [inField, inText]) {
      const { outcome } = await play(asked("review"), [script]);
      expect(outcome).toMatchObject({ kind: "answered", text: "Ten.", claim: "10" });
    }
  });
});

const RUNS = propertyRuns(300);
const line = fc.constantFrom(
  "Seven.",
  "",
  "Claim: 7",
  "c",
  "Clai",
  "claimed so",
  "- item",
  " ",
  "Claim:",
);

test(`streamed text never shows the claim line, whatever its pieces, over ${RUNS} texts`, () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), fc.integer({ min: 1, max: 7 }), (lines, size) => {
      const text = [...lines, "The end.", "", "Claim: 42"].join("\n");
      const filter = createClaimFilter();
      let shown = "";
      for (let at = 0; at < text.length; at += size)
        shown += filter.take(text.slice(at, at + size));
      expect(shown.trimEnd()).toBe([...lines, "The end."].join("\n").trimEnd());
    }),
    { numRuns: RUNS },
  );
});
