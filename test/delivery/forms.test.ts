import { expect, test } from "vitest";
import { aboutFile, PlatformError } from "../../src/platform.ts";
import { finalOf, openDelivery } from "./delivery-bench.ts";
import { gone, refused } from "./fake-platform.ts";

const paragraphs = (n: number) => Array.from({ length: n }, (_, i) => `Part ${i}.`).join("\n\n");
const mute = new PlatformError("rejected", "Missing Permissions", { about: "place" });
const unavailable = new PlatformError("unknown", "HTTP 503");

const open = async () => {
  const bench = await openDelivery({ maxTextLength: 100, maxParts: 2 });
  const post = (text: string) => bench.inTime(bench.delivery.final(bench.turn, finalOf(text)));
  const refusals = () => bench.store.deliveries.refusals(bench.turn.id);
  return { ...bench, post, refusals };
};

test.each([
  ["refused", [aboutFile(refused)]],
  ["unavailable for good", [aboutFile(unavailable), aboutFile(unavailable)]],
])("an answer whose file is %s is posted in more messages at once", async (_, faults) => {
  const { post, fail, texts, messages, refusals } = await open();
  fail("post", ...faults);
  const delivered = await post(paragraphs(40));
  expect(delivered).toMatchObject({ said: "all", problems: [{ about: "file" }] });
  expect(texts().join("\n\n")).toBe(paragraphs(40));
  expect(messages.every(({ content }) => !("file" in content))).toBe(true);
  expect(messages.map(({ mark }) => mark.chunk)).toEqual(messages.map((_one, n) => n));
  expect(await refusals()).toEqual([]);
});

test("an answer that is too long even for that ends with a line that says so", async () => {
  const { post, fail, texts } = await open();
  fail("post", aboutFile(refused));
  await post(paragraphs(400));
  expect(texts()).toHaveLength(6);
  expect(texts().at(-1)).toMatch(/The rest of the answer is too long to be posted here/);
  expect(texts().join()).not.toContain("answer.md");
});

test("a process that takes over in between posts the same parts, each once", async () => {
  const { post, fail, texts, restart, inTime } = await open();
  fail("post", aboutFile(refused), null, ...Array.from({ length: 6 }, () => unavailable));
  await expect(post(paragraphs(40))).rejects.toThrow("Part 2");
  const again = await restart();
  const done = inTime(again.delivery.final(again.turn, finalOf(paragraphs(40))));
  expect(await done).toMatchObject({ said: "all" });
  expect(texts().join("\n\n")).toBe(paragraphs(40));
});

test("a part that the platform refuses is replaced by a line that says so", async () => {
  const { post, fail, texts, refusals } = await open();
  fail("post", null, refused);
  expect(await post(paragraphs(18))).toMatchObject({ said: "part", problems: [{}] });
  expect(texts()[1]).toBe("*This part of the answer could not be posted here. Why shows it.*");
  expect(await refusals()).toEqual([expect.stringContaining("invalid_blocks")]);
});

test.each([
  ["may not post", [mute], 1],
  ["is deleted", [gone], 1],
  ["takes no form of it", [refused, refused], 2],
])("an answer for a place that %s is nowhere, which is reported once", async (_, faults, tries) => {
  const { post, fail, texts, calls, refusals } = await open();
  fail("post", ...faults);
  expect(await post("Yes.")).toMatchObject({ said: "nothing", problems: [{}] });
  expect([texts(), calls.length]).toEqual([[], tries]);
  expect(await refusals()).toHaveLength(1);
});
