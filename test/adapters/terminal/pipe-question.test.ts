import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { readQuestion } from "../../../adapters/terminal/pipe/read-question.ts";
import { createFakeClock } from "../../support/fake-clock.ts";

function reading({ question, isPiped = false, isTTY = false }: Partial<Case>) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const clock = createFakeClock();
  const warnings: string[] = [];
  const warn = (text: string) => void warnings.push(text);
  return { input, clock, warnings, text: readQuestion({ input, question, clock, isPiped, warn }) };
}

interface Case {
  readonly question: string;
  readonly isPiped: boolean;
  readonly isTTY: boolean;
}

test("what stands on the input follows the question", async () => {
  const { input, text } = reading({ question: "Review this" });
  input.end("a\n\nb\n");
  expect(await text).toBe("Review this\n\na\n\nb");
});

test("at a keyboard, the question is all there is", async () => {
  expect(await reading({ question: "Which index?", isTTY: true }).text).toBe("Which index?");
});

test("without a question, the input is the question; an empty one is none", async () => {
  const asked = reading({});
  asked.input.end(" Which index? \n");
  expect(await asked.text).toBe("Which index?");
  const empty = reading({});
  empty.input.end();
  await expect(empty.text).rejects.toThrow("No question");
});

test("an input that another program keeps open and silent is not waited for", async () => {
  const { clock, warnings, text } = reading({ question: "Which index?" });
  await clock.advance(3_000);
  expect(await text).toBe("Which index?");
  expect(warnings).toEqual([
    "Nothing came on standard input, so the question is asked without it.",
  ]);
});

test("a shell's pipe is read to its end, however late it begins", async () => {
  const { input, clock, warnings, text } = reading({
    question: "Why does this fail?",
    isPiped: true,
  });
  await clock.advance(60_000);
  expect(warnings).toEqual(["Waiting for standard input to end …"]);
  input.write("late ");
  input.end("output");
  expect(await text).toBe("Why does this fail?\n\nlate output");
});
