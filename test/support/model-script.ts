/** What a model is asked, read from its prompt alone. */
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
  /** All messages that are not Parley's own, tags and task included. */
  readonly words: string;
}

export interface Prompt {
  readonly model: string;
  readonly system: string;
  readonly messages: readonly { readonly role: string; readonly text: string }[];
}

/** What a model says: a text, or one call. */
export type Reply =
  | { readonly text: string }
  | { readonly call: string; readonly values: Readonly<Record<string, unknown>> };

const SAID = /<said(?:-\w+)?>\n([\s\S]*?)\n<\/said(?:-\w+)?>/g;
const SHOWN = /<team-answer(?:-\w+)? label="([^"]*)">\n([\s\S]*?)\n<\/team-answer(?:-\w+)?>/g;

export function readPrompt({ model, system, messages }: Prompt): Asked {
  const of = (role: string) => messages.filter((one) => one.role === role).map(({ text }) => text);
  const words = of("user").join("\n");
  const shown = [...words.matchAll(SHOWN)].map(([, label = "", text = ""]) => ({ label, text }));
  const task = words.slice(words.lastIndexOf("</team-answer"));
  const isReview = shown.length > 0 && task.includes("`vote`");
  return {
    model,
    kind: shown.length === 0 ? "answer" : isReview ? "review" : "present",
    said: [...words.matchAll(SAID)].map(([, text = ""]) => text),
    finals: of("assistant"),
    shown,
    mayRevise: task.includes("`new_answer`, only if"),
    system,
    words,
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
export function replyTo(asked: Asked): Reply {
  if (asked.kind !== "review") return { text: answerOf(asked) };
  const scores = scoresOf(asked);
  const reason = `${scores[0]?.answer} says most.`;
  const verdict = { scores, reason, objection: "", objection_to: "" };
  const improved = `${answerOf(asked)} Improved after reading all the others.`;
  const isNew = !asked.shown.some(({ text }) => text === improved);
  if (asked.mayRevise && isNew && asked.system.includes("You improve")) {
    return { call: "new_answer", values: { ...verdict, content: improved } };
  }
  return { call: "vote", values: verdict };
}

/** Keeps models from answering until a test lets them. */
export interface Gates {
  /** Calls that match wait until the result is called. */
  hold(matches: (asked: Asked) => boolean): () => void;
  pass(asked: Asked): Promise<void>;
  openAll(): void;
}

export function createGates(): Gates {
  const gates: { matches: (asked: Asked) => boolean; opened: PromiseWithResolvers<void> }[] = [];
  return {
    hold(matches) {
      const opened = Promise.withResolvers<void>();
      gates.push({ matches, opened });
      return () => opened.resolve();
    },
    async pass(asked) {
      for (const { matches, opened } of gates) if (matches(asked)) await opened.promise;
    },
    openAll() {
      for (const { opened } of gates) opened.resolve();
    },
  };
}
