import { LLMock, type ChatCompletionRequest, type FixtureResponse } from "@copilotkit/aimock";
import { onTestFinished } from "vitest";
import { type Asked, createGates, readPrompt, replyTo } from "../support/model-script.ts";

/** Models behind the wire formats of three providers, all played by one function of what they are asked. */
export interface Panel {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** From now on this model fails like that. */
  fail(model: string, trouble: "error" | "disconnect", message?: string): void;
  /** Its next call fails, the one after does not. */
  failOnce(model: string): void;
  /** From now on each answer has so many letters more. */
  writeMore(letters: number): void;
  /** It works again after `fail` with an error. */
  mend(model: string): void;
  /** Calls that match wait until the result is called. */
  hold(matches: (asked: Asked) => boolean): () => void;
  /** How often a model was asked for such a move. */
  count(model: string, kind?: Asked["kind"]): number;
}

const DOWN = "The model is down.";
const CUT_OFF = { content: "This answer is cut in the middle of a sentence. ".repeat(20) };

const textOf = ({ content }: ChatCompletionRequest["messages"][number]): string =>
  typeof content === "string" ? content : (content ?? []).map(({ text }) => text ?? "").join("\n");

function read({ model, messages }: ChatCompletionRequest): Asked {
  const plain = messages.map((message) => ({ role: message.role, text: textOf(message) }));
  const system = plain.filter(({ role }) => role === "system").map(({ text }) => text);
  return readPrompt({ model, system: system.join("\n"), messages: plain });
}

function respond(asked: Asked, letters: number): FixtureResponse {
  const reply = replyTo(asked);
  if ("text" in reply) return { content: reply.text + " more".repeat(letters / 5) };
  return { toolCalls: [{ name: reply.call, arguments: JSON.stringify(reply.values) }] };
}

/** Starts a panel for one test, and ends it with the test. */
export async function startPanel(): Promise<Panel> {
  const mock = new LLMock({ port: 0, chunkSize: 64 });
  const asked: Asked[] = [];
  const down = new Map<string, string>();
  const hiccups = new Set<string>();
  const gates = createGates();
  const more = { letters: 0 };
  mock.on({}, async (request) => {
    const one = read(request);
    asked.push(one);
    await gates.pass(one);
    const message = hiccups.delete(one.model) ? DOWN : down.get(one.model);
    if (message === undefined) return respond(one, more.letters);
    return { error: { message, type: "server_error" }, status: 500 };
  });
  await mock.start();
  onTestFinished(async () => {
    gates.openAll();
    await mock.stop();
  });
  return {
    url: mock.url,
    asked,
    fail(model, trouble, message = DOWN) {
      if (trouble === "error") down.set(model, message);
      else mock.prependFixture({ match: { model }, response: CUT_OFF, truncateAfterChunks: 3 });
    },
    writeMore: (letters) => void (more.letters = letters),
    failOnce: (model) => void hiccups.add(model),
    mend: (model) => void down.delete(model),
    hold: (matches) => gates.hold(matches),
    count: (model, kind) =>
      asked.filter((one) => one.model === model && (kind === undefined || one.kind === kind))
        .length,
  };
}
