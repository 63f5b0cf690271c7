import { anthropicBody } from "../../src/backends/anthropic/request.ts";
import { createCatalogue } from "../../src/backends/catalogue.ts";
import { FULL_TERMS } from "../../src/backends/concessions/terms.ts";
import type { Prompt } from "../../src/context/build-prompt.ts";
import { paceOf } from "../../src/conversation/pace.ts";
import {
  type CacheLife,
  type CacheSetting,
  chooseCacheLife,
} from "../../src/coordination/cache-life.ts";
import type { ThreadMessage } from "../../src/platform.ts";
import { createPromptCache, type PromptUsage } from "../../test/servers/prompt-cache.ts";
import { createScene, createThread as createConversation, nextTurn } from "../context/scene.ts";

const MODEL = "claude-opus-5-5";
const WINDOW = 200_000;
const ANSWER_MS = 20_000;
const OUTPUT = 400;
const catalogue = createCatalogue();

/** A thread with one agent, whose calls a simulated Anthropic counts. */
export interface Thread {
  /** Answers a request that comes at this time, ms. Returns the life that the turn asked for. */
  turn(at: number): CacheLife;
  costUsd(): number;
}

export function createThread(setting: CacheSetting): Thread {
  const scene = createScene(1, WINDOW);
  const [agent] = scene.agents;
  if (!agent) throw new Error("a scene needs an agent");
  const messages: ThreadMessage[] = [];
  let conversation = createConversation(0);
  let now = 0;
  let costUsd = 0;
  const count = createPromptCache(() => now);

  const call = (kind: "answer" | "review", life: CacheLife): void => {
    const prompt = scene.prompt(kind, agent, scene.render(conversation));
    costUsd += costOf(count(bodyOf(prompt, life)));
    now += ANSWER_MS;
  };
  const say = (kind: "person" | "self"): ThreadMessage => {
    const id = String(messages.length);
    const author = { id: kind, name: kind, kind };
    const message = { id, author, text: "", files: [], at: now };
    messages.push(message);
    return message;
  };

  return {
    turn(at) {
      now = Math.max(at, now);
      const { life } = chooseCacheLife(setting, paceOf(messages, say("person")));
      call("answer", life);
      call("review", life);
      say("self");
      conversation = nextTurn(conversation);
      return life;
    },
    costUsd: () => costUsd,
  };
}

function bodyOf({ system, tools, messages }: Prompt, cacheLife: CacheLife) {
  const { signal } = new AbortController();
  const request = { system, tools, messages, toolChoice: "auto", cacheLife, signal } as const;
  return anthropicBody(request, { model: MODEL }, FULL_TERMS);
}

function costOf(usage: PromptUsage): number {
  const { cache_read_input_tokens: cached, cache_creation_input_tokens: cacheWritten } = usage;
  const tokens = {
    input: usage.input_tokens + cached + cacheWritten,
    cached,
    cacheWritten,
    cacheWrittenLong: usage.cache_creation.ephemeral_1h_input_tokens,
    output: OUTPUT,
  };
  return catalogue.cost({ type: "anthropic", model: MODEL }, tokens) ?? Number.NaN;
}
