import { expect, test } from "vitest";
import type { Asked, Reply } from "../../support/model-script.ts";
import { openRoom, teamOf } from "../../support/parley-room.ts";

/** Two agents that come to different results; each scores the right one higher. */
const play =
  (claim: string, product: string) =>
  ({ kind, shown }: Asked): Reply => {
    if (kind === "answer")
      return { text: `17 × 3 = ${product}, so it is ${claim}.\n\nClaim: ${claim}` };
    if (kind === "present") return { text: "It is 391." };
    const scores = shown.map(({ label, text }) => ({
      answer: label,
      score: text.includes("391") ? 9 : 2,
      same_as: "",
    }));
    const wrong = shown.find(({ text }) => text.includes("381"))?.label ?? "";
    const objection = "“17 × 3 = 41” is 51.";
    return {
      call: "vote",
      values: { reason: "Worked out.", scores, objection, objection_to: wrong },
    };
  };

test("reviewers read what checks found, and who merges the answers where they agree and differ", async () => {
  const room = await openRoom(teamOf(["ann", "bob"], "present: synthesize"));
  room.models.script("ann", play("391", "51"));
  room.models.script("bob", play("381", "41"));
  await room.say("What is 17 times 23?");
  await room.quiet();
  const found = room.of("answer_checked").map(({ revision, findings }) => [revision, findings]);
  expect(Object.fromEntries(found)).toEqual({
    "ann.1": [{ quote: "17 × 3 = 51", verdict: "holds", note: "" }],
    "bob.1": [{ quote: "17 × 3 = 41", verdict: "fails", note: "it is 51" }],
  });
  const asked = (kind: Asked["kind"]) => room.models.asked.filter((one) => one.kind === kind);
  for (const { words } of asked("review")) {
    expect(words).toMatch(
      /<team-check\S* about="\w" by="arithmetic">\nfails: “17 × 3 = 41” \(it is 51\)\n/,
    );
  }
  const [presented] = asked("present");
  expect(presented?.words).toMatch(
    /<team-remark\S* about="all">\nOne says 391 \(answer (\w)\), one says 381 \(answer (\w)\)\. They disagree on this: A reviewer on answer \2: “17 × 3 = 41” is 51\.\n/,
  );
  expect(presented?.words).not.toMatch(/\b(?:ann|bob)\b/);
});
