import { LLMock, type ChatCompletionRequest, type FixtureResponse } from "@copilotkit/aimock";
import { onTestFinished } from "vitest";

/** What a model of the panel was asked, read from its prompt alone. */
export interface Asked {
  readonly model: string;
  readonly kind: "answer" | "review" | "present";
  /** What people said in the thread, oldest first, names and all. */
  readonly said: readonly string[];
  /** Parley's earlier answers in the thread, oldest first. */
  readonly finals: readonly string[];
  readonly shown: readonly { readonly label: string; readonly text: string }[];
  readonly mayRevise: boolean;
  readonly system: string;
}

const DOWN = "The model is down.";

type Trouble = "error" | "disconnect";

/** Models behind the wire formats of three providers, all played by one function of what they are asked. */
export interface Panel {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** From now on this model fails like that. */
  fail(model: string, trouble: Trouble, message?: string): void;
  /** Its next call fails, the one after does not. */
  failOnce(model: string): void;
  /** It works again after `fail` with an error. */
  mend(model: string): void;
  /** Calls that match wait until the result is called. */
  hold(matches: (asked: Asked) => boolean): () => void;
  /** How often a model was asked for such a move. */
  count(model: string, kind?: Asked["kind"]): number;
}

const SAID = /<said>\n([\s\S]*?)\n<\/said>/g;
const SHOWN = /<team-answer label="([^"]*)">\n([\s\S]*?)\n<\/team-answer>/g;

const textOf = ({ content }: ChatCompletionRequest["messages"][number]): string =>
  typeof content === "string" ? content : (content ?? []).map(({ text }) => text ?? "").join("\n");

function read({ model, messages }: ChatCompletionRequest): Asked {
  const of = (role: string) => messages.filter((message) => message.role === role).map(textOf);
  const words = of("user").join("\n");
  const shown = [...words.matchAll(SHOWN)].map(([, label = "", text = ""]) => ({ label, text }));
  const task = words.slice(words.lastIndexOf("</"));
  const isReview = shown.length > 0 && task.includes("`vote`");
  return {
    model,
    kind: shown.length === 0 ? "answer" : isReview ? "review" : "present",
    said: [...words.matchAll(SAID)].map(([, text = ""]) => text),
    finals: of("assistant"),
    shown,
    mayRevise: task.includes("`new_answer`"),
    system: of("system").join("\n"),
  };
}

/** Every answer uses the code word of the first message, and counts the answers that the thread holds already. */
function answerOf({ model, said, finals }: Asked): string {
  const word = /code word is (\w+)/.exec(said[0] ?? "")?.[1] ?? "unknown";
  const question = said.at(-1)?.replace(/^[^:]*: /, "") ?? "";
  return `${word}, answer ${finals.length + 1}: ${model} on “${question}”.`;
}

/** The longest answer is the best. */
function scoresOf({ shown }: Asked) {
  const ranked = shown.toSorted((a, b) => b.text.length - a.text.length);
  return ranked.map(({ label }, place) => ({ answer: label, score: Math.max(1, 9 - 3 * place) }));
}

/** The one function behind all models: answers first, then votes; who is told to improve does so once. */
function reply(asked: Asked): FixtureResponse {
  if (asked.kind !== "review") return { content: answerOf(asked) };
  const scores = scoresOf(asked);
  const verdict = {
    scores,
    reason: `${scores[0]?.answer} says most.`,
    objection: "",
    objection_to: "",
  };
  const improved = `${answerOf(asked)} Improved after reading all the others.`;
  const isNew = !asked.shown.some(({ text }) => text === improved);
  if (asked.mayRevise && isNew && asked.system.includes("You improve")) {
    return call("new_answer", { ...verdict, content: improved });
  }
  return call("vote", verdict);
}

const call = (name: string, values: object): FixtureResponse => ({
  toolCalls: [{ name, arguments: JSON.stringify(values) }],
});

interface Gate {
  readonly matches: (asked: Asked) => boolean;
  readonly opened: PromiseWithResolvers<void>;
}

/** Starts a panel for one test, and ends it with the test. */
export async function startPanel(): Promise<Panel> {
  const mock = new LLMock({ port: 0, chunkSize: 64 });
  const asked: Asked[] = [];
  const down = new Map<string, string>();
  const hiccups = new Set<string>();
  const gates: Gate[] = [];
  mock.on({}, async (request) => {
    const one = read(request);
    asked.push(one);
    for (const { matches, opened } of gates) if (matches(one)) await opened.promise;
    const message = hiccups.delete(one.model) ? DOWN : down.get(one.model);
    if (message === undefined) return reply(one);
    return { error: { message, type: "server_error" }, status: 500 };
  });
  await mock.start();
  onTestFinished(async () => {
    for (const { opened } of gates) opened.resolve();
    await mock.stop();
  });
  return {
    url: mock.url,
    asked,
    fail(model, trouble, message = DOWN) {
      if (trouble === "error") down.set(model, message);
      else {
        const response = { content: "This answer is cut in the middle of a sentence. ".repeat(20) };
        mock.prependFixture({ match: { model }, response, truncateAfterChunks: 3 });
      }
    },
    failOnce: (model) => void hiccups.add(model),
    mend: (model) => void down.delete(model),
    hold(matches) {
      const opened = Promise.withResolvers<void>();
      gates.push({ matches, opened });
      return () => opened.resolve();
    },
    count: (model, kind) =>
      asked.filter((one) => one.model === model && (kind === undefined || one.kind === kind))
        .length,
  };
}
