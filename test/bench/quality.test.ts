import { describe, expect, it } from "vitest";
import { calibratedQuestion } from "../../bench/quality/calibrated-question.ts";
import { gapClosed } from "../../bench/quality/gap.ts";
import { playSetting } from "../../bench/quality/play-setting.ts";
import { isRight, readQuestions } from "../../bench/quality/real/question-file.ts";
import { RULES } from "../../bench/quality/rules.ts";
import { CALIBRATED, calibrated } from "../../bench/quality/settings.ts";

const given = (text: string, claim: string | null = null) => ({ text, claim });

describe("an answer is held against the known one", () => {
  const asked = { id: "1", question: "How many?" };

  it("as the same claim, a letter, a number, or a pattern", () => {
    const exact = { ...asked, answer: "B", match: "exact" as const };
    expect(isRight(exact, given("…", "B) the second"))).toBe(true);
    expect(isRight(exact, given("…", "C"))).toBe(false);
    const number = { ...asked, answer: "1200", match: "number" as const };
    expect(isRight(number, given("It was 7, now it is 1,200 euros."))).toBe(true);
    expect(isRight(number, given("1200", "1201"))).toBe(false);
    const regex = { ...asked, answer: "2028-02-29", match: "regex" as const };
    expect(isRight(regex, given("On 2028-02-29."))).toBe(true);
  });

  it("by a model where nothing else can tell", () => {
    const judged = { ...asked, answer: "because of the tide", match: "judge" as const };
    expect(isRight(judged, given("The tide."))).toBeNull();
  });
});

it("ships about sixty questions of five kinds, each with an id of its own", async () => {
  const questions = await readQuestions("bench/quality/questions.jsonl");
  expect(questions).toHaveLength(60);
  expect(new Set(questions.map(({ id }) => id)).size).toBe(60);
  const kinds = new Set(questions.map(({ id }) => id.split("-")[0]));
  expect([...kinds]).toEqual(["numbers", "code", "logic", "reading", "dates"]);
});

it("asks the same question twice and gets the same reads, and other ones from another read", () => {
  const one = calibratedQuestion(calibrated(), [], 7);
  const other = calibratedQuestion(calibrated(), [], 7);
  expect(one.read(2, 0, 1)).toEqual(other.read(2, 0, 1));
  expect(one.claims).toEqual(other.claims);
  expect(one.read(2, 1, 1)).not.toEqual(one.read(2, 0, 1));
});

it("plays every rule on the same answers, and the same seed gives the same outcome", async () => {
  const setting = CALIBRATED["four able agents"] ?? calibrated();
  const rules = RULES.filter(({ policy }) => policy.scoreboard !== "learned");
  const play = () => playSetting(setting, rules, { questions: 20, seed: 5 });
  const outcomes = await play();
  expect(await play()).toEqual(outcomes);
  for (const { choices, unanimous, oracle } of outcomes) {
    expect(Object.keys(choices)).toEqual(rules.map(({ name }) => name));
    if (unanimous) expect(choices["pooled"]).toMatchObject({ calls: 5, right: oracle });
    expect(choices["scores"]?.calls).toBe(8);
  }
});

it("measures the gap as the share of what the oracle gains", () => {
  const { value } = gapClosed({ team: [1, 1, 0, 1], from: [1, 0, 0, 0], oracle: [1, 1, 1, 1] }, 1);
  expect(value).toBeCloseTo((100 * 2) / 3);
});
