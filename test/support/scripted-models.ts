import {
  BackendError,
  type Backend,
  type BackendEvent,
  type BackendRequest,
} from "../../src/backends/backend.ts";
import type { Backends } from "../../src/backends/index.ts";
import {
  type Asked,
  createGates,
  type Gates,
  readPrompt,
  type Reply,
  replyTo,
} from "./model-script.ts";

/** Models in this process, all played by one function of what they are asked. */
export interface ScriptedModels extends Backends, Pick<Gates, "hold" | "openAll"> {
  readonly asked: readonly Asked[];
  /** What a model says from now on, in place of the script; an error is thrown. */
  script(model: string, say: (asked: Asked) => Reply | BackendError): void;
}

const USAGE = { input: 100, cached: 0, cacheWritten: 0, output: 20 };

const read = (model: string, { system, messages }: BackendRequest): Asked =>
  readPrompt({
    model,
    system: system.join("\n"),
    messages: messages.map(({ role, parts }) => ({
      role,
      text: parts.map((part) => (part.type === "text" ? part.text : "")).join("\n"),
    })),
  });

function* speak(reply: Reply): Generator<BackendEvent> {
  if ("text" in reply) yield { type: "text", text: reply.text };
  else yield { type: "tool_call", name: reply.call, arguments: JSON.stringify(reply.values) };
  yield { type: "done", finish: "text" in reply ? "stop" : "tool", usage: USAGE };
}

export function createScriptedModels(): ScriptedModels {
  const asked: Asked[] = [];
  const gates = createGates();
  const scripts = new Map<string, (asked: Asked) => Reply | BackendError>();
  const backend = (model: string): Backend => ({
    kind: "compatible",
    model,
    provider: null,
    async *ask(request) {
      const one = read(model, request);
      asked.push(one);
      yield { type: "sent" };
      // Ten tokens, which count only where the call is broken off.
      yield { type: "alive", written: "x".repeat(40) };
      await untilAborted(gates.pass(one), request.signal);
      const reply = (scripts.get(model) ?? replyTo)(one);
      if (reply instanceof BackendError) throw reply;
      yield* speak(reply);
    },
  });
  return {
    asked,
    create: ({ model }) => backend(model),
    script: (model, say) => void scripts.set(model, say),
    hold: (matches) => gates.hold(matches),
    openAll: () => gates.openAll(),
  };
}

const untilAborted = (work: Promise<void>, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    void work.then(resolve, reject);
  });
