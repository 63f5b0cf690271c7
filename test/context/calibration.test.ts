import { expect, it } from "vitest";
import { createCalibration } from "../../src/context/calibration.ts";
import { build, longTalk, reader } from "./conversations.ts";

it("knows nothing at first, then what the model reported, each model for itself", () => {
  const calibration = createCalibration();
  expect(calibration.factor("a")).toBe(1);
  calibration.learn("a", 1000, 1500);
  expect(calibration.factor("a")).toBe(1.5);
  expect(calibration.factor("b")).toBe(1);
});

it("takes the median of the last calls, so that one odd call changes little", () => {
  const calibration = createCalibration();
  for (const actual of [1200, 1300, 9000]) calibration.learn("a", 1000, actual);
  expect(calibration.factor("a")).toBeCloseTo(1.3);
  calibration.learn("a", 1000, 1100);
  expect(calibration.factor("a")).toBeCloseTo(1.25);
  for (let i = 0; i < 9; i++) calibration.learn("a", 1000, 1000);
  expect(calibration.factor("a")).toBe(1);
});

it("stays within reason, and learns nothing from tiny prompts or missing figures", () => {
  const calibration = createCalibration();
  calibration.learn("low", 1000, 1);
  calibration.learn("high", 1000, 1_000_000);
  calibration.learn("tiny", 10, 100);
  calibration.learn("none", 1000, 0);
  calibration.learn("odd", Number.NaN, 1000);
  expect(["low", "high", "tiny", "none", "odd"].map((m) => calibration.factor(m))).toEqual([
    0.5, 3, 1, 1, 1,
  ]);
});

it("halves what a model gets with every overflow", () => {
  const calibration = createCalibration();
  expect(calibration.limit("a")).toBe(Infinity);
  calibration.overflowed("a", 50_000);
  calibration.overflowed("a", 50_000);
  expect(calibration.limit("a")).toBe(25_000);
  calibration.overflowed("a", 24_000);
  expect(calibration.limit("a")).toBe(12_000);
});

it("believes the window that a provider names, less what the reply needs", () => {
  const calibration = createCalibration();
  calibration.overflowed("a", 50_000, { window: 32_768, reserved: 8000 });
  expect(calibration.limit("a")).toBe(Math.floor(32_768 * 0.9 - 8000));
  // The provider counts twice as many tokens as Parley.
  calibration.overflowed("b", 20_000, { window: 32_768, prompt: 40_000, reserved: 8000 });
  expect(calibration.limit("b")).toBe(Math.floor((32_768 * 0.9 - 8000) / 2));
  // Its numbers do not explain its refusal.
  calibration.overflowed("c", 10_000, { window: 131_072, reserved: 8000 });
  expect(calibration.limit("c")).toBe(5000);
});

it("makes prompts of a talkative tokenizer shorter", () => {
  const calibration = createCalibration();
  const plain = build(longTalk(400), { reader: reader(50_000, calibration) });
  calibration.learn("test:model", 1000, 2000);
  const learned = build(longTalk(400), { reader: reader(50_000, calibration) });
  expect(learned.estimated).toBeLessThan(0.6 * plain.estimated);
  expect(learned.tokens).toBeLessThanOrEqual(35_000);
});
