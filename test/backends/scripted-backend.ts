import type { Clock } from "../../src/clock.ts";
import type { Backend, BackendEvent, BackendRequest } from "../../src/backends/backend.ts";

/** What one call does, step by step: an event, an error, a pause in milliseconds, or silence for ever. */
export type Step = BackendEvent | Error | number | "silence";

export interface ScriptedBackend extends Backend {
  readonly requests: readonly BackendRequest[];
  /** Calls that have started and not ended. */
  running(): number;
}

export const text = (words: string): BackendEvent => ({ type: "text", text: words });
export const done: BackendEvent = {
  type: "done",
  finish: "stop",
  usage: { input: 10, cached: 0, cacheWritten: 0, output: 5 },
};

/** Plays one script per call, the last one again and again. It never looks at its signal: whoever asks must cope with that. */
export function createScriptedBackend(
  clock: Clock,
  scripts: readonly (readonly Step[])[],
  model = "scripted-1",
): ScriptedBackend {
  const requests: BackendRequest[] = [];
  let running = 0;
  return {
    kind: "openai",
    model,
    provider: null,
    requests,
    running: () => running,
    async *ask(request) {
      const script = scripts[Math.min(requests.length, scripts.length - 1)] ?? [];
      requests.push(request);
      running += 1;
      try {
        for (const step of script) {
          if (step instanceof Error) throw step;
          if (step === "silence") await new Promise(() => undefined);
          else if (typeof step === "object") yield step;
          else await new Promise<void>((resolve) => clock.setTimer(step, resolve));
        }
      } finally {
        running -= 1;
      }
    },
  };
}

/** A plain question; `signal` never aborts unless given. */
export const question = (
  signal: AbortSignal = new AbortController().signal,
  deadline?: number,
): BackendRequest => ({
  system: ["You help."],
  messages: [{ role: "user", parts: [{ type: "text", text: "Hello?" }] }],
  tools: [],
  toolChoice: "auto",
  signal,
  ...(deadline === undefined ? {} : { deadline }),
});

/** Reads a stream to its end without waiting for it; `outcome` is its error, "done", or undefined while it runs. */
export function listen(stream: AsyncIterable<BackendEvent>) {
  const heard = {
    events: [] as BackendEvent[],
    outcome: undefined as unknown,
    /** The text that stands after the last new start. */
    text: () => {
      const start = heard.events.findLastIndex((event) => event.type === "retrying");
      return heard.events
        .slice(start + 1)
        .map((event) => (event.type === "text" ? event.text : ""))
        .join("");
    },
    retries: () => heard.events.filter((event) => event.type === "retrying"),
  };
  const read = async () => {
    for await (const event of stream) heard.events.push(event);
  };
  read().then(
    () => (heard.outcome = "done"),
    (error: unknown) => (heard.outcome = error),
  );
  return heard;
}
