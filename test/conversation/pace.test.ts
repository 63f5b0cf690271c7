import { expect, test } from "vitest";
import { paceOf } from "../../src/conversation/pace.ts";
import { TurnId } from "../../src/ids.ts";
import type { DeliveryMark, ThreadMessage } from "../../src/platform.ts";

const MINUTE = 60_000;
const mark = (kind: DeliveryMark["kind"]): DeliveryMark => ({
  turn: TurnId.parse("t1"),
  kind,
  chunk: 0,
});
const message = (
  minute: number,
  kind: "person" | "self" | "bot",
  more: Partial<ThreadMessage> = {},
): ThreadMessage => ({
  id: `${minute}${kind}`,
  author: { id: kind, name: kind, kind },
  text: "text",
  files: [],
  at: minute * MINUTE,
  ...more,
});
const minutes = (
  messages: readonly ThreadMessage[],
  request: { readonly id: string; readonly at: number },
) => paceOf(messages, request).gaps.map((gap) => gap / MINUTE);

const request = { id: "30person", at: 99 * MINUTE };

test("the pace is what each question waited after the answer before it, the current one included", () => {
  const thread = [
    message(0, "person"),
    message(1, "self"),
    message(9, "person"),
    message(10, "self"),
    message(30, "person"),
  ];
  expect(paceOf(thread, request)).toEqual({
    gaps: [8 * MINUTE, 20 * MINUTE],
    idleMs: 20 * MINUTE,
  });
  expect(paceOf(thread.toReversed(), request).gaps).toHaveLength(2);
});

test("what people say to each other before they ask does not count as a question", () => {
  const thread = [
    message(1, "self"),
    message(2, "person"),
    message(3, "bot"),
    message(9, "person"),
    message(10, "self"),
    message(30, "person"),
  ];
  expect(minutes(thread, request)).toEqual([8, 20]);
});

test("status messages, notes and later messages say nothing", () => {
  const thread = [
    message(1, "self", { mark: mark("final") }),
    message(12, "person"),
    message(13, "self", { mark: mark("status") }),
    message(14, "self", { mark: mark("final") }),
    message(15, "self", { mark: mark("note") }),
    message(30, "person"),
    message(40, "person"),
  ];
  expect(minutes(thread, request)).toEqual([11, 16]);
});

test("an answer in several parts, or two answers to one question, make no gap of their own", () => {
  const thread = [
    message(1, "self"),
    message(2, "self", { id: "part two" }),
    message(10, "person"),
    message(11, "self"),
    message(12, "self"),
    message(30, "person"),
  ];
  expect(minutes(thread, request)).toEqual([8, 18]);
});

test("before the first answer, people's own messages give the pace", () => {
  const thread = [message(0, "person"), message(10, "person"), message(30, "person")];
  expect(paceOf(thread, request)).toEqual({ gaps: [10 * MINUTE, 20 * MINUTE], idleMs: null });
});

test("a thread with nothing but the question has no pace, even if the platform no longer shows it", () => {
  expect(paceOf([message(30, "person")], request).gaps).toEqual([]);
  expect(paceOf([], request)).toEqual({ gaps: [], idleMs: null });
});
