import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { recommend } from "../../bench/quality/compare-ballots.ts";
import { binChances, mergeBins } from "../../bench/quality/chance-calibration.ts";
import { errorCorrelation, pairsIn, precisionOf } from "../../bench/quality/shared-errors.ts";
import { createModelFaults } from "../servers/model-faults.ts";
import type { RecordedRequest } from "../servers/model-wire.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const run = promisify(execFile);
const USAGE = { input: 100, cached: 0, cacheWritten: 0, output: 20, reasoning: 0 };
const Question = z.object({ id: z.string(), question: z.string(), answer: z.string() });

const SHOWN = /<team-answer(?:-\w+)? label="(\w)">\n([\s\S]*?)\n<\/team-answer/g;

const wordsOf = ({ body }: RecordedRequest): string => {
  const { messages } = z
    .object({ messages: z.array(z.object({ content: z.unknown() })) })
    .parse(body);
  return messages
    .map(({ content }) => JSON.stringify(content))
    .join("\n")
    .replaceAll("\\n", "\n")
    .replaceAll('\\"', '"');
};

test("real models are asked once, and every rule replays the same answers and ballots", async () => {
  const folder = await temporaryFolder();
  const shipped = (await readFile("bench/quality/questions.jsonl", "utf8")).split("\n");
  const questions = shipped
    .filter((line) => /"id": "numbers-0[1-6]"/.test(line))
    .map((line) => Question.parse(JSON.parse(line)));
  const file = join(folder, "questions.jsonl");
  await writeFile(file, shipped.filter((line) => /"id": "numbers-0[1-6]"/.test(line)).join("\n"));
  const faults = await createModelFaults();
  onTestFinished(() => faults.stop());
  const asked: string[] = [];
  let checked = 0;
  faults.serve((request) => {
    const words = wordsOf(request);
    const model = String(request.body["model"]);
    const at = questions.findIndex(({ question }) => words.includes(question.slice(0, 40)));
    const { answer = "" } = questions[at] ?? {};
    const isChance = JSON.stringify(request.body["tools"] ?? []).includes('"chance"');
    const shown = [...words.matchAll(SHOWN)];
    asked.push(`${model} ${at} ${shown.length > 0 ? "review" : "answer"} ${isChance}`);
    if (shown.length === 0) {
      // One of three is wrong at every second question.
      const said = model === "cid" && at % 2 === 1 ? "999999" : answer;
      return {
        type: "answer",
        reply: {
          text: `2 + 2 × 3 = 8, so ${said}. That is what ${model} finds.\n\nClaim: ${said}`,
          usage: USAGE,
        },
      };
    }
    if (words.includes("<team-check")) checked += 1;
    const scores = shown.map(([, label = "", text = ""]) => {
      const isRight = text.includes(` ${answer}.`);
      return isChance
        ? { answer: label, chance: isRight ? 90 : 10 }
        : { answer: label, score: isRight ? 9 : 2 };
    });
    const ballot = JSON.stringify({ reason: "So it is.", objection: "", objection_to: "", scores });
    return {
      type: "answer",
      reply: { text: "", calls: [{ name: "vote", arguments: ballot }], usage: USAGE },
    };
  });
  const team = join(folder, "mock.yaml");
  const seats = ["ada", "ben", "cid"].map(
    (id) =>
      `  - { id: ${id}, backend: { type: compatible, model: ${id}, base_url: "${faults.url}/v1", price: { input: 1, output: 1 } } }`,
  );
  await writeFile(team, ["agents:", ...seats].join("\n"));
  const args = ["bench/main.ts", "quality", "--team", team, "--questions", file, "--json"];
  const env = { ...process.env, COMPATIBLE_API_KEY: "k" };
  const { stdout } = await run(process.execPath, args, { env });
  const figures: unknown = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  expect(figures).toMatchObject({
    questions: 6,
    team_pct: 100,
    oracle_pct: 100,
    chance_gain_points: 0,
  });
  expect(checked).toBe(asked.filter((one) => one.includes("review")).length);
  expect(new Set(asked).size).toBe(asked.length);
  for (const column of [
    "right %",
    "gap closed %",
    "single → oracle %",
    "calls",
    "tokens",
    "dollars",
    "ties %",
  ]) {
    expect(stdout).toContain(column);
  }
  expect(stdout).toMatch(/All answers claimed the same in 50 % of the questions\./);
  expect(stdout).toMatch(/agree 50 % \(right 100 %\), clear 50 % \(right 100 %\)/);
  expect(stdout).toMatch(
    /Of \d+ pairs that counted as one result, 100 % were right or wrong together\./,
  );
  expect(stdout).toMatch(/Being right correlates -?\d\.\d\d between two agents\./);
  expect(stdout).toMatch(
    /Stated chances → share that was right \(ballots\): 10 % → 0 % \(\d+\), 90 % → 100 %/,
  );
  expect(stdout).toMatch(/Recommended: ballot: score\. 6 questions are too few/);
  const limited = await run(process.execPath, [...args, "--max-cost-usd", "0.0025"], { env });
  expect(limited.stdout).toMatch(/no room for another question: [2-5] left out\./);
}, 120_000);

test("a team file that cannot be read ends the bench with an error", async () => {
  const missing = run(process.execPath, ["bench/main.ts", "quality", "--team", "/nowhere.yaml"]);
  await expect(missing).rejects.toMatchObject({ code: 1 });
});

test("the recommendation follows the interval, and names how many questions would tell", () => {
  expect(recommend({ value: 4, half: 2 }, 200)).toBe("ballot: chance.");
  expect(recommend({ value: -4, half: 2 }, 200)).toBe("ballot: score.");
  expect(recommend({ value: 1, half: 2 }, 200)).toBe(
    "ballot: score, because no difference is shown. About 800 questions would show a difference of this size.",
  );
  expect(recommend({ value: 0, half: 2 }, 200)).toBe(
    "ballot: score, because no difference is shown.",
  );
  expect(recommend({ value: 50, half: 2 }, 6)).toMatch(/6 questions are too few/);
});

test("chances are held against what was right, range by range", () => {
  const bins = binChances([
    [0.1, false],
    [0.1, true],
    [0.9, true],
    [1, true],
  ]);
  expect(bins[0]).toEqual({ count: 2, stated: 0.1, right: 0.5 });
  expect(bins[4]).toEqual({ count: 2, stated: 0.95, right: 1 });
  expect(mergeBins([bins, bins])[0]).toMatchObject({ count: 4, right: 0.5 });
});

test("errors that agents share correlate, and equal answers are right or wrong together", () => {
  const shared = [
    [true, true],
    [false, false],
    [true, true],
    [false, false],
  ];
  expect(errorCorrelation(shared)).toBeCloseTo(1);
  expect(errorCorrelation(shared.map(([a = false], at) => [a, at < 2]))).toBeCloseTo(0);
  const pairs = pairsIn([[0, 1, 2], [3]], (seat) => seat !== 2);
  expect(pairs).toEqual({ all: 3, alike: 1 });
  expect(precisionOf([pairs])).toBeCloseTo(100 / 3);
});
