import { expect, it, vi } from "vitest";
import type { MessageCache } from "../../src/conversation/message-cache.ts";
import { type HistorySource, readHistory } from "../../src/conversation/read-history.ts";
import { formatConversationId } from "../../src/ids.ts";
import type { ThreadHistory, ThreadMessage } from "../../src/platform.ts";
import { ada, createThread } from "./thread.ts";

const conversation = formatConversationId({ platform: "p", space: "", channel: "c", thread: "t" });

function createCache(messages: readonly ThreadMessage[] = []): MessageCache & {
  texts(): readonly string[];
} {
  const known = new Map(messages.map((message) => [message.id, message]));
  return {
    upsert: (_, added) => Promise.resolve(added.forEach((m) => known.set(m.id, m))),
    list: () => Promise.resolve([...known.values()]),
    remove: (_, ids) => Promise.resolve(ids.forEach((id) => known.delete(id))),
    texts: () => [...known.values()].map(({ text }) => text),
  };
}

const read = async (
  history: ThreadHistory | Error,
  cache: MessageCache,
  extra: Partial<HistorySource> = {},
) =>
  readHistory({
    cached: await cache.list(conversation),
    platform: {
      history: () =>
        history instanceof Error ? Promise.reject(history) : Promise.resolve(history),
    },
    cache,
    conversation,
    signal: new AbortController().signal,
    ...extra,
  });

const textsOf = ({ messages }: ThreadHistory) => messages.map(({ text }) => text);

it("gives what the platform shows, and works with an empty cache", async () => {
  const { says } = createThread();
  const shown = { messages: [says(ada, "a"), says(ada, "b")], complete: true };
  expect(await read(shown, createCache())).toEqual(shown);
});

it("fills an incomplete history from the cache, in the order of time", async () => {
  const { says } = createThread();
  const [root, middle, last] = [says(ada, "root"), says(ada, "middle"), says(ada, "last")];
  const history = await read({ messages: [last, root], complete: false }, createCache([middle]));
  expect(textsOf(history)).toEqual(["root", "middle", "last"]);
  expect(history.complete).toBe(false);
});

it("takes an edited message from the platform, and tells the cache", async () => {
  const { says } = createThread();
  const [before, other] = [says(ada, "before"), says(ada, "other")];
  const cache = createCache([before, other]);
  const after = { ...before, text: "after" };
  const history = await read({ messages: [after], complete: false }, cache);
  expect(textsOf(history)).toEqual(["after", "other"]);
  expect(cache.texts()).toEqual(["after", "other"]);
});

it("removes messages missing from a complete history, also from the cache", async () => {
  const { says } = createThread();
  const [deleted, kept] = [says(ada, "deleted"), says(ada, "kept")];
  const cache = createCache([deleted, kept]);
  const history = await read({ messages: [kept], complete: true }, cache);
  expect(textsOf(history)).toEqual(["kept"]);
  expect(cache.texts()).toEqual(["kept"]);
});

it("does not make the cache forget a message that the platform does not show yet", async () => {
  const { says } = createThread();
  const [shown, fresh] = [says(ada, "shown"), says(ada, "fresh")];
  const cache = createCache([shown, fresh]);
  await read({ messages: [shown], complete: true }, cache);
  expect(cache.texts()).toEqual(["shown", "fresh"]);
});

it("writes nothing to the cache when nothing is new", async () => {
  const { says } = createThread();
  const messages = [says(ada, "a")];
  const upsert = vi.fn(() => Promise.resolve());
  await read({ messages, complete: true }, { ...createCache(messages), upsert });
  expect(upsert).not.toHaveBeenCalled();
});

it("uses the cache when the platform fails, and reports it", async () => {
  const { says } = createThread();
  const onProblem = vi.fn();
  const down = new Error("platform down");
  const history = await read(down, createCache([says(ada, "known")]), { onProblem });
  expect(textsOf(history)).toEqual(["known"]);
  expect(history.complete).toBe(false);
  expect(onProblem).toHaveBeenCalledWith(down);
});

it("uses the platform when the cache fails, and reports it", async () => {
  const { says } = createThread();
  const onProblem = vi.fn();
  const broken = () => Promise.reject(new Error("disk full"));
  const cache = { ...createCache(), upsert: broken, remove: broken };
  const history = await read({ messages: [says(ada, "a")], complete: true }, cache, { onProblem });
  expect(textsOf(history)).toEqual(["a"]);
  expect(onProblem).toHaveBeenCalledOnce();
});

it("stops at the signal", async () => {
  const signal = AbortSignal.abort(new Error("stopped"));
  await expect(read(new Error("aborted"), createCache(), { signal })).rejects.toThrow("stopped");
});

it("caches only the newest part of a long thread that the platform shows whole, and what was cached before", async () => {
  const { says } = createThread();
  const long = (name: string) => `${name} ${"x".repeat(99_990)}`;
  const messages = Array.from({ length: 30 }, (_, at) => says(ada, long(String(at))));
  const cache = createCache(messages.slice(3, 4));
  const edited = messages.map((message, at) =>
    at === 3 ? { ...message, text: "an edit" } : message,
  );
  const history = await read({ messages: edited, complete: true }, cache);
  expect(history.messages).toHaveLength(30);
  const kept = ["an edit", ...messages.slice(-11).map(({ text }) => text)];
  expect(cache.texts()).toEqual(kept);
  await read(
    { messages: edited, complete: true },
    { ...cache, upsert: () => expect.unreachable() },
  );
  await read({ messages: edited, complete: false }, cache);
  expect(cache.texts()).toHaveLength(30);
});
