import { describe, expect, it } from "vitest";
import {
  type ConversationSource,
  readConversation,
} from "../../src/conversation/read-conversation.ts";
import { TurnId } from "../../src/ids.ts";
import type { ThreadMessage } from "../../src/platform.ts";
import { ada, bob, createThread, parley, person, textFile } from "./thread.ts";

const read = (
  messages: readonly ThreadMessage[],
  request: ThreadMessage,
  extra: Partial<ConversationSource> = {},
) =>
  readConversation({
    history: { messages, complete: true },
    request,
    originals: () => Promise.resolve(new Map()),
    conversationText: (text) => (text.startsWith("!") ? undefined : text),
    fenceCode: "5d0c93f1",
    signal: new AbortController().signal,
    ...extra,
  });

const lines = async (...input: Parameters<typeof read>) =>
  (await read(...input)).history.map(({ role, author, text }) => `${role} ${author}: ${text}`);

const ledger = (text: string, parts: readonly string[]) => () =>
  Promise.resolve(new Map([[TurnId.parse("t1"), { text, parts }]]));

describe("who said what", () => {
  it("gives people and other bots the user's role, and Parley's finals the assistant's", async () => {
    const { says, own } = createThread();
    const jira = { id: "jira", name: "Jira", kind: "bot" } as const;
    const thread = [says(ada, "Why?"), says(jira, "P-1 opened"), own("final", "Because.")];
    expect(await lines(thread, says(bob, "And now?"))).toEqual([
      "user Ada: Why?",
      "user Jira (bot): P-1 opened",
      "assistant Parley: Because.",
    ]);
  });

  it("leaves out statuses, notes, commands, empty messages and own messages without a mark", async () => {
    const { says, own } = createThread();
    const thread = [
      says(ada, "!team use council"),
      own("status", "A answering, B answering"),
      own("note", "queued"),
      says(bob, " "),
      says(parley, "left over"),
      says(ada, "Hello"),
    ];
    expect(await lines(thread, says(bob, "Hi"))).toEqual(["user Ada: Hello"]);
  });

  it("does not take a mark on somebody else's message for Parley's", async () => {
    const { says } = createThread();
    const mark = { turn: TurnId.parse("t1"), kind: "final", chunk: 0 } as const;
    const thread = [says(ada, "I am Parley", { mark })];
    expect(await lines(thread, says(bob, "?"))).toEqual(["user Ada: I am Parley"]);
  });

  it("tells two people of one name apart, the same way in every turn", async () => {
    const { says } = createThread();
    const [first, second] = [person("Ada", "1"), person("Ada", "2")];
    const thread = [says(first, "a"), says(second, "b"), says(first, "c")];
    const { history, request } = await read(thread, says(second, "d"));
    const authors = [...history, request].map(({ author }) => author);
    expect(authors).toEqual(["Ada", "Ada (2)", "Ada", "Ada (2)"]);
  });

  it("keeps files, also of a message without words", async () => {
    const { says } = createThread();
    const files = [textFile("a.txt", "A")];
    const { history } = await read([says(ada, "", { files })], says(bob, "?"));
    expect(history[0]?.files).toBe(files);
  });
});

describe("order", () => {
  it("goes by time, and leaves messages of the same instant as the platform has them", async () => {
    const { says } = createThread();
    const thread = [
      says(ada, "third", { at: 3 }),
      says(ada, "first", { at: 1 }),
      says(bob, "second", { at: 1 }),
    ];
    const texts = (await read(thread, says(ada, "?"))).history.map(({ text }) => text);
    expect(texts).toEqual(["first", "second", "third"]);
  });

  it("leaves what people said after the request to later turns, but not answers posted since", async () => {
    const { says, own } = createThread();
    const request = says(ada, "second question");
    const thread = [says(ada, "first question", { at: 1 }), request];
    const later = [says(bob, "third question"), own("final", "First answer.")];
    expect(await lines([...thread, ...later], request)).toEqual([
      "user Ada: first question",
      "assistant Parley: First answer.",
    ]);
  });

  it("works when the history does not show the request yet", async () => {
    const { says } = createThread();
    const before = says(ada, "before");
    const request = says(ada, "now");
    const after = says(ada, "after");
    expect(await lines([before, after], request)).toEqual(["user Ada: before"]);
  });

  it("asks what the platform shows now, when the request was edited", async () => {
    const { says } = createThread();
    const request = says(ada, "2 + 2?");
    const { request: asked } = await read([{ ...request, text: "2 + 3?" }], request);
    expect(asked.text).toBe("2 + 3?");
  });

  it("keeps the words of a request that is a command", async () => {
    const { says } = createThread();
    const request = says(ada, "!team is it true?");
    expect((await read([], request)).request.text).toBe("!team is it true?");
    const conversationText = (text: string) => text.replace(/^!team /, "");
    expect((await read([], request, { conversationText })).request.text).toBe("is it true?");
  });
});

describe("the text of a final answer", () => {
  it("is the outbox's original if the platform shows it unaltered, even with reformatted Markdown", async () => {
    const { says, own } = createThread();
    const original = "It is **bold** and `\\frac{1}{2}`.";
    const thread = [own("final", "It is *bold* and `\\frac{1}{2}`.")];
    const originals = ledger(original, [original]);
    expect(await lines(thread, says(ada, "?"), { originals })).toEqual([
      `assistant Parley: ${original}`,
    ]);
  });

  it("is the platform's once somebody has removed a part of it", async () => {
    const { says, own } = createThread();
    const thread = [own("final", "One.")];
    const originals = ledger("One.\n\nTwo.", ["One.", "Two."]);
    expect(await lines(thread, says(ada, "?"), { originals })).toEqual(["assistant Parley: One."]);
  });

  it("is the platform's once its words differ", async () => {
    const { says, own } = createThread();
    const originals = ledger("Yes.", ["Yes."]);
    expect(await lines([own("final", "No.")], says(ada, "?"), { originals })).toEqual([
      "assistant Parley: No.",
    ]);
  });

  it("is joined from its parts by their numbers, in the place of the first, a part posted twice counted once", async () => {
    const { says, own } = createThread();
    const thread = [
      own("final", "One.", "t1", 0),
      says(bob, "wait"),
      own("final", "Three.", "t1", 2),
      own("final", "Two.", "t1", 1),
      own("final", "Two.", "t1", 1),
      own("final", "Another.", "t2", 0),
    ];
    expect(await lines(thread, says(ada, "?"))).toEqual([
      "assistant Parley: One.\n\nTwo.\n\nThree.",
      "user Bob: wait",
      "assistant Parley: Another.",
    ]);
  });

  it("is fetched from answer.md when that holds the whole of it", async () => {
    const { says, own } = createThread();
    const summary = { ...own("final", "In short …"), files: [textFile("answer.md", "All of it.")] };
    expect(await lines([summary], says(ada, "?"))).toEqual(["assistant Parley: All of it."]);
  });

  it("is what the platform shows when answer.md is empty", async () => {
    const { says, own } = createThread();
    const summary = { ...own("final", "In short …"), files: [textFile("answer.md", " ")] };
    expect(await lines([summary], says(ada, "?"))).toEqual(["assistant Parley: In short …"]);
  });

  it("is what the platform shows when answer.md or the outbox cannot be read", async () => {
    const { says, own } = createThread();
    const gone = { ...textFile("answer.md", ""), load: () => Promise.reject(new Error("gone")) };
    const summary = { ...own("final", "In short …"), files: [gone] };
    const originals = () => Promise.reject(new Error("no database"));
    expect(await lines([summary], says(ada, "?"), { originals })).toEqual([
      "assistant Parley: In short …",
    ]);
  });

  it("is left out when there is none", async () => {
    const { says, own } = createThread();
    expect(await lines([own("final", " ")], says(ada, "?"))).toEqual([]);
  });

  it("stops at the signal", async () => {
    const { says, own } = createThread();
    const controller = new AbortController();
    const file = {
      ...textFile("answer.md", ""),
      load: () => Promise.reject(controller.signal.reason),
    };
    controller.abort(new Error("stopped"));
    const thread = [{ ...own("final", "In short …"), files: [file] }];
    const reading = read(thread, says(ada, "?"), { signal: controller.signal });
    await expect(reading).rejects.toThrow("stopped");
  });
});

it("says whether the platform returned the whole thread", async () => {
  const { says } = createThread();
  const history = { messages: [], complete: false };
  expect((await read([], says(ada, "?"), { history })).complete).toBe(false);
});

it("lets the event loop run while it reads 10,000 messages", async () => {
  const { says, own } = createThread();
  const text = "Words of a person. ".repeat(40);
  const thread = Array.from({ length: 10_000 }, (_, n) =>
    n % 3 === 0 ? own("final", text, `t${n}`) : says(person(`P${n % 500}`), text),
  );
  let turns = 0;
  const others = setInterval(() => turns++, 1);
  const { history } = await read(thread, says(ada, "And now?"), {
    // Each is compared with what the platform shows.
    originals: (asked) =>
      Promise.resolve(new Map(asked.map((id) => [id, { text, parts: [text] }]))),
  });
  clearInterval(others);
  expect(history).toHaveLength(10_000);
  expect(turns).toBeGreaterThanOrEqual(3);
});
