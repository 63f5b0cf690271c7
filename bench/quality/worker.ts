import { parentPort } from "node:worker_threads";
import { z } from "zod";
import { measureSetting } from "./measure-setting.ts";
import { playSetting, type Setting, sizeOf } from "./play-setting.ts";
import { RULES, UNEVEN_RULES } from "./rules.ts";

/** One setting to be played. */
export interface Assignment {
  readonly name: string;
  readonly setting: Setting;
  readonly questions: number;
  readonly seed: number;
}

const isAssignment = z.custom<Assignment>(
  (value) => typeof value === "object" && value !== null && "setting" in value,
);

/** Plays the settings that it is sent, one after another. */
parentPort?.on("message", (message: unknown) => void play(message));

async function play(message: unknown): Promise<void> {
  const { name, setting, questions, seed } = isAssignment.parse(message);
  const rules = name === "calibrated: uneven team" ? UNEVEN_RULES : RULES;
  const outcomes = await playSetting(setting, rules, { questions, seed });
  const size = sizeOf(setting);
  parentPort?.postMessage(measureSetting(name, outcomes, { size, seed }));
}
