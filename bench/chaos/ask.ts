import { setTimeout as sleep } from "node:timers/promises";
import type { Diary } from "./diary.ts";
import type { ChaosPlatform, ChaosThread } from "./place.ts";
import { createQuestion, type Question } from "./question.ts";

/** A thread and what is asked in it, in this order. */
export interface Asked {
  readonly thread: ChaosThread;
  readonly questions: readonly Question[];
}

export interface AskOptions {
  readonly platforms: readonly ChaosPlatform[];
  readonly turns: number;
  /** In which the questions are put, ms. */
  readonly askingMs: number;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly diary: Pick<Diary, "note">;
}

/** Questions of one thread, at least and at most. */
const OF_A_THREAD = { least: 2, most: 5 };
/** Threads that people write in at the same time. */
const OPEN = 8;

/** Threads on all platforms by turns, with as many questions as there are to be turns. */
export function planThreads({ platforms, turns, random }: AskOptions): readonly Asked[] {
  const planned: Asked[] = [];
  for (let left = turns; left > 0;) {
    const { least, most } = OF_A_THREAD;
    const count = Math.min(left, least + Math.floor(random() * (most - least + 1)));
    const number = planned.length;
    const platform = platforms[number % platforms.length];
    if (!platform) throw new Error("There is no platform to ask on.");
    const questions = Array.from({ length: count }, (_, n) =>
      createQuestion(number, n + 1, platform.name),
    );
    planned.push({ thread: platform.thread(number), questions });
    left -= count;
  }
  return planned;
}

/** Puts all questions, some threads at a time: the next one of a thread often before the last one is answered. */
export async function askAll(planned: readonly Asked[], options: AskOptions): Promise<void> {
  const { random, signal, askingMs, turns, diary } = options;
  const waiting = planned.map(({ thread, questions }) => ({ thread, left: [...questions] }));
  const startedAt = performance.now();
  for (let asked = 0; asked < turns;) {
    const due = startedAt + (asked / turns) * askingMs;
    await sleep(Math.max(20, due - performance.now()), undefined, { signal });
    const open = waiting.filter(({ left }) => left.length > 0).slice(0, OPEN);
    const able = open.filter(({ thread }) => thread.canAsk());
    const chosen = able[Math.floor(random() * able.length)];
    const question = chosen?.left.shift();
    if (!chosen || !question) continue;
    diary.note(`${chosen.thread.name} asks ${question.name}`);
    chosen.thread.ask(question.text);
    asked++;
  }
}
