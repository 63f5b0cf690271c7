import { expect, test } from "vitest";
import { fold } from "../../src/coordination/advance.ts";
import { TurnEvent } from "../../src/coordination/turn-event.ts";
import { finalView } from "../../src/progress/final-view.ts";
import { whyReply } from "../../src/progress/why-reply.ts";
import { turnStory, used } from "../support/turn-story.ts";

const CUT = "The model's output limit cut this answer off.";

/** The story with one more field in these events, and with more events before its end. */
const story = (types: readonly string[], more: readonly unknown[] = []) => {
  const events = turnStory().map((event) =>
    types.includes(event.type) ? { ...event, cut: true } : event,
  );
  return fold(TurnEvent.array().parse([...events.slice(0, -1), ...more, ...events.slice(-1)]));
};
const why = (state: ReturnType<typeof story>) => {
  const [first] = whyReply(state).blocks;
  return first?.type === "text" ? first.markdown : "";
};
const presented = (fields: object) => ({
  type: "answer_presented",
  at: 15_000,
  move: "gemini:present:1",
  agent: "gemini",
  text: "Use a B-tree, for",
  usage: used(10, 10, 0),
  ...fields,
});

test("the footer says that the posted answer was cut, and why says which answers were", () => {
  const state = story(["revision_offered"]);
  expect(finalView(state)?.footer.notes).toContain(CUT);
  expect(why(state)).toContain("- The output limit cut off Gemini's answer (version 2)");
});

test("an answer that was cut but not posted stands in why alone", () => {
  const state = story(["answer_given"]);
  expect(finalView(state)?.footer.notes).not.toContain(CUT);
  expect(why(state)).toContain("- The output limit cut off Opus's answer");
});

test("a rewrite stands for itself", () => {
  const whole = story(["revision_offered"], [presented({})]);
  expect(finalView(whole)?.footer.notes).not.toContain(CUT);
  const cut = story([], [presented({ cut: true })]);
  expect(finalView(cut)?.footer.notes).toContain(CUT);
  expect(why(cut)).toContain("- The output limit cut off the final version of the answer");
});

test("a journal from before says nothing of the kind", () => {
  const state = fold(turnStory());
  expect(finalView(state)?.footer.notes).not.toContain(CUT);
  expect(why(state)).not.toMatch(/output limit|gave no vote/);
});

test("why says which reviewer gave no vote, and for what reason", () => {
  const events = turnStory().map((event) =>
    event.type === "vote_cast" && event.agent === "opus"
      ? { ...event, type: "abstained", reason: "it scored none of the answers it was shown" }
      : event,
  );
  expect(why(fold(TurnEvent.array().parse(events)))).toContain(
    "- Opus gave no vote: it scored none of the answers it was shown",
  );
});
