import { describe, expect, test } from "vitest";
import { createCallBook } from "../../bench/chaos/call-book.ts";
import { checkLaws } from "../../bench/chaos/laws.ts";
import type { Post } from "../../bench/chaos/place.ts";

/** A turn whose question a process took on at this time, ms. */
const turnAt = (ms: number): string => {
  const time = ms.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
};

const answerTo = (name: string, acceptedMs: number): readonly Post[] =>
  (["status", "final"] as const).map((kind) => ({
    kind,
    turn: turnAt(acceptedMs),
    text: `On [${name}]`,
    isWorking: false,
  }));

/** A thread with two questions; models are first asked about the second one at 500. */
function twoQuestions(...posts: readonly (readonly Post[])[]) {
  const questions = ["q0.1", "q0.2"].map((name) => ({ name, text: name, isRefused: false }));
  const thread = { name: "slack 0", canAsk: () => true, ask: () => {}, posts: () => posts.flat() };
  return checkLaws([{ thread, questions }], () => 500);
}

describe("a question that is answered after a later one", () => {
  test("breaks the law where a process had taken it on before the later one's turn asked a model", () => {
    const { orderErrors, foundLate } = twoQuestions(answerTo("q0.2", 300), answerTo("q0.1", 400));
    expect(orderErrors).toEqual(["slack 0: q0.1 after q0.2"]);
    expect(foundLate).toEqual([]);
  });

  test("came late where the later one's turn had asked a model by then", () => {
    const { orderErrors, foundLate } = twoQuestions(answerTo("q0.2", 300), answerTo("q0.1", 600));
    expect(orderErrors).toEqual([]);
    expect(foundLate).toEqual(["slack 0: q0.1 after q0.2"]);
  });

  test("is none where the answers stand in order", () => {
    const { orderErrors, foundLate } = twoQuestions(answerTo("q0.1", 600), answerTo("q0.2", 300));
    expect([...orderErrors, ...foundLate]).toEqual([]);
  });
});

describe("a model call that is made again", () => {
  /** One move is asked for on one process and, `againAt`, on another one, while the first is killed at 5,000. */
  function askedTwice({ beganAt, endedAt }: { beganAt: number; endedAt: number | null }) {
    const clock = { now: 0 };
    const calls = createCallBook(() => clock.now);
    const at = <T>(now: number, work: () => T): T => {
      clock.now = now;
      return work();
    };
    const end = at(beganAt, () => calls.begin("q0.1 ada answer", "bot-1"));
    if (endedAt !== null) at(endedAt, end);
    at(5_000, () => calls.strike("bot-1"));
    at(6_500, () => calls.begin("q0.1 ada answer", "bot-2"));
    expect({ made: calls.made(), least: calls.least() }).toEqual({ made: 2, least: 1 });
    expect(calls.repeated()).toEqual(["q0.1 ada answer"]);
    return calls.needless();
  }

  test("was needed where a kill lost the first one", () => {
    expect(askedTwice({ beganAt: 4_000, endedAt: null })).toEqual([]);
    expect(askedTwice({ beganAt: 1_000, endedAt: 2_500 })).toEqual([]);
  });

  test("was needless where the first one had ended well before the kill", () => {
    expect(askedTwice({ beganAt: 500, endedAt: 1_500 })).toEqual(["q0.1 ada answer"]);
  });

  test("was needless where another process was killed", () => {
    const calls = createCallBook(() => 0);
    calls.begin("q0.1 ada answer", "bot-1");
    calls.strike("bot-2");
    calls.begin("q0.1 ada answer", "bot-1");
    expect(calls.needless()).toEqual(["q0.1 ada answer"]);
  });
});
