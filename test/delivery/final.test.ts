import { expect, test } from "vitest";
import { PlatformError } from "../../src/platform.ts";
import { finalOf, openDelivery, statusOf } from "./delivery-bench.ts";
import { limited } from "./fake-platform.ts";

const paragraphs = (n: number) => Array.from({ length: n }, (_, i) => `Part ${i}.`).join("\n\n");

test("delivering a final twice posts it once", async () => {
  const { delivery, turn, texts, calls, restart } = await openDelivery();
  await delivery.final(turn, finalOf("Yes."));
  await delivery.final(turn, finalOf("Yes."));
  const again = await restart();
  await again.delivery.final(again.turn, finalOf("Yes."));
  expect([texts(), calls]).toEqual([["Yes."], ["post final 0"]]);
});

test("a post with a lost reply is found in the thread and adopted", async () => {
  const { delivery, turn, texts, calls, fail, clock, store } = await openDelivery();
  fail("post", "lost_reply");
  const done = delivery.final(turn, finalOf("Yes."));
  await clock.advance(1000);
  await done;
  expect([texts(), calls]).toEqual([["Yes."], ["post final 0", "find final 0"]]);
  expect(await store.deliveries.list(turn.id, "final")).toMatchObject([
    { state: "posted", messageId: "m1" },
  ]);
});

test("a post that certainly failed is repeated", async () => {
  const { delivery, turn, texts, calls, fail, clock } = await openDelivery();
  fail("post", new PlatformError("unknown", "no route"));
  const done = delivery.final(turn, finalOf("Yes."));
  await clock.advance(1000);
  await done;
  expect([texts(), calls]).toEqual([["Yes."], ["post final 0", "find final 0", "post final 0"]]);
});

test("after a crash between posting and recording, the message is found again", async () => {
  const { turn, texts, calls, store, platform, restart } = await openDelivery();
  await store.deliveries.intend(turn, { kind: "final", parts: ["Yes."], original: "Yes." });
  const mark = { turn: turn.id, kind: "final", chunk: 0 } as const;
  await platform.post(turn.conversation, { kind: "note", text: "Yes." }, mark);
  const again = await restart();
  await again.delivery.final(again.turn, finalOf("Yes."));
  expect([texts(), calls]).toEqual([["Yes."], ["post final 0", "find final 0"]]);
});

test("a post that never settles is looked up after a minute", async () => {
  const { delivery, turn, texts, fail, clock } = await openDelivery();
  fail("post", "hangs");
  const done = delivery.final(turn, finalOf("Yes."));
  await clock.advance(65_000);
  await done;
  expect(texts()).toEqual(["Yes."]);
});

test("a rate-limited post waits as long as the platform says, without a look-up", async () => {
  const { delivery, turn, texts, calls, fail, clock } = await openDelivery();
  fail("post", limited(30_000), limited(5000));
  const done = delivery.final(turn, finalOf("Yes."));
  await clock.advance(34_999);
  expect(calls).toHaveLength(2);
  await clock.advance(1);
  await done;
  expect([texts(), calls.length]).toEqual([["Yes."], 3]);
});

test("a long answer is posted in parts, and an interrupted delivery resumes with the missing part", async () => {
  const { delivery, turn, texts, calls, fail, restart, inTime } = await openDelivery({
    maxTextLength: 20,
  });
  const silence = Array.from({ length: 6 }, () => new PlatformError("unknown", "timeout"));
  fail("post", null, ...silence);
  const failed = inTime(delivery.final(turn, finalOf(paragraphs(6))));
  await expect(failed).rejects.toThrow("Part 2 of the answer");
  const again = await restart();
  await again.delivery.final(again.turn, finalOf(paragraphs(6)));
  expect(texts()).toEqual(["Part 0.\n\nPart 1.", "Part 2.\n\nPart 3.", "Part 4.\n\nPart 5."]);
  expect(calls.filter((call) => call.startsWith("post final 0"))).toHaveLength(1);
});

test("a resumed delivery keeps the first split, even if the splitter has changed", async () => {
  const { turn, texts, store, delivery } = await openDelivery();
  const parts = ["one two", "three"];
  await store.deliveries.intend(turn, { kind: "final", parts, original: "one two three" });
  await delivery.final(turn, finalOf("one two three"));
  expect(texts()).toEqual(parts);
});

test("an answer with too many parts is posted as its beginning, with the whole answer as a file", async () => {
  const { delivery, turn, messages } = await openDelivery({ maxTextLength: 100, maxParts: 2 });
  await delivery.final(turn, finalOf(paragraphs(60)));
  expect(messages).toMatchObject([
    { content: { chunks: 1, file: { name: "answer.md", text: paragraphs(60) } } },
  ]);
});

test("delivery stops after six tries without a reply; the next delivery looks for the message first", async () => {
  const { delivery, turn, fail, clock, texts, calls } = await openDelivery();
  const silence = Array.from({ length: 5 }, () => new PlatformError("unknown", "timeout"));
  fail("post", "lost_reply");
  fail("find", ...silence);
  const failed = expect(delivery.final(turn, finalOf("Yes."))).rejects.toMatchObject({
    outcome: "unsure",
  });
  await clock.advance(120_000);
  await failed;
  await delivery.final(turn, finalOf("Yes."));
  expect([texts(), calls.at(-1)]).toEqual([["Yes."], "find final 0"]);
});

test("an abort ends the wait, and the next owner of the turn delivers the answer", async () => {
  const { delivery, turn, fail, texts, restart } = await openDelivery();
  fail("post", limited(60_000));
  const leaving = new AbortController();
  const failed = expect(delivery.final(turn, finalOf("Yes."), leaving.signal)).rejects.toThrow(
    "bye",
  );
  await new Promise((resolve) => setImmediate(resolve));
  leaving.abort(new Error("bye"));
  await failed;
  const again = await restart();
  await again.delivery.final(again.turn, finalOf("Yes."));
  expect(texts()).toEqual(["Yes."]);
});

test("a process that no longer owns the turn posts nothing", async () => {
  const { delivery, turn, fail, clock, texts, restart } = await openDelivery();
  fail("post", limited(1000));
  const failed = expect(delivery.final(turn, finalOf("Yes."))).rejects.toMatchObject({
    name: "FencedError",
  });
  await new Promise((resolve) => setImmediate(resolve));
  await restart();
  await clock.advance(1000);
  await failed;
  expect(texts()).toEqual([]);
});

test("a final does not wait for a status edit that hangs", async () => {
  const { delivery, turn, fail, texts } = await openDelivery();
  fail("post", "hangs");
  delivery.status(turn).show(statusOf("working"));
  await new Promise((resolve) => setImmediate(resolve));
  await delivery.final(turn, finalOf("Yes."));
  expect(texts()).toEqual(["Yes."]);
});

test("a turn's note is posted once, even with another text the second time", async () => {
  const { delivery, turn, texts, restart } = await openDelivery();
  await delivery.note(turn, "All agents failed: no network.");
  const again = await restart();
  await again.delivery.note(again.turn, "All agents failed: timeout.");
  expect(texts()).toEqual(["All agents failed: no network."]);
});

test("the outbox returns whole answers and their posted parts", async () => {
  const { delivery, turn, store } = await openDelivery({ maxTextLength: 20 });
  await delivery.final(turn, finalOf(paragraphs(4)));
  const originals = await store.deliveries.originals([turn.id]);
  expect(originals.get(turn.id)).toEqual({
    text: paragraphs(4),
    parts: ["Part 0.\n\nPart 1.", "Part 2.\n\nPart 3."],
  });
});
