import type { PromptMessage } from "../../src/backends/backend.ts";
import { buildingPrompt, type PromptSource } from "../../src/context/build-prompt.ts";
import { createCalibration } from "../../src/context/calibration.ts";
import { renderThread } from "../../src/context/render-thread.ts";
import type { Conversation, ConversationMessage } from "../../src/conversation/message.ts";
import type { AttachedFile } from "../../src/platform.ts";
import { finish } from "../../src/slices.ts";

export const asks = (
  text: string,
  author = "Ada",
  files: readonly AttachedFile[] = [],
): ConversationMessage => ({ id: text, role: "user", author, text, files });

export const answers = (text: string): ConversationMessage => ({
  id: text,
  role: "assistant",
  author: "Parley",
  text,
  files: [],
});

/** A thread whose last message is the request. */
export const talk = (...messages: readonly ConversationMessage[]): Conversation => ({
  history: messages.slice(0, -1),
  request: messages.at(-1) ?? asks("?"),
  complete: true,
  fenceCode: "",
});

/** Questions and answers that take about `tokens` each, numbered. */
export const longTalk = (exchanges: number, tokens = 100): Conversation =>
  talk(
    ...Array.from({ length: exchanges }, (_, i) => [
      asks(`question ${i} ${"q".repeat(tokens * 4)}`),
      answers(`answer ${i} ${"a".repeat(tokens * 4)}`),
    ]).flat(),
    asks("the request"),
  );

export const build = (conversation: Conversation, extra: Partial<PromptSource> = {}) =>
  finish(building(conversation, extra));

export const building = (conversation: Conversation, extra: Partial<PromptSource> = {}) =>
  buildingPrompt({
    reader: {
      model: "test:model",
      contextWindow: 100_000,
      reserved: 8000,
      calibration: createCalibration(),
    },
    head: { system: ["rules", "instructions"], tools: [] },
    thread: renderThread(conversation, new Map()),
    steering: [],
    material: [],
    task: "Answer now.",
    ...extra,
  });

/** The reader of a model with this window. */
export const reader = (contextWindow: number, calibration = createCalibration()) => ({
  model: "test:model",
  contextWindow,
  reserved: Math.floor(contextWindow / 10),
  calibration,
});

export const textOf = (message: PromptMessage | undefined): string =>
  message?.parts.map((part) => (part.type === "text" ? part.text : `[${part.name}]`)).join("\n") ??
  "";

export const textsOf = (messages: readonly PromptMessage[]): readonly string[] =>
  messages.map(textOf);
