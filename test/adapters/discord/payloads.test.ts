import fc from "fast-check";
import { expect, it, test } from "vitest";
import { checkBody } from "../../../adapters/discord/payload/check-body.ts";
import { largeBody, replyContainers } from "../../../adapters/discord/render/reply-containers.ts";
import { renderFinal } from "../../../adapters/discord/render/render-final.ts";
import { renderStatus } from "../../../adapters/discord/render/render-status.ts";
import { noteBodies } from "../../../adapters/discord/post/notes.ts";
import { splittingAnswer } from "../../../src/delivery/split-answer.ts";
import { renderMarkdown } from "../../../adapters/discord/render/markdown.ts";
import { FOOTER_ROOM } from "../../../adapters/discord/render/render-final.ts";
import { whyReply } from "../../../src/progress/why-reply.ts";
import { finish } from "../../../src/slices.ts";
import { parseMessage } from "../../servers/discord/forms/message-form.ts";
import { anyFinal, anyStatus, anyText, anyTurn } from "../../support/any-views.ts";
import { markOf } from "../../contracts/platform-samples.ts";
import { propertyRuns } from "../../support/property-runs.ts";

const allowed_mentions = { parse: [] };

/** Both the product and the server of the tests take it. */
function expectSendable(body: object): void {
  expect(checkBody(body)).toEqual([]);
  expect(() => parseMessage(body)).not.toThrow();
}

const CAPABILITIES = {
  maxTextLength: 1_900,
  lengthOf: (markdown: string) => renderMarkdown(markdown, 1_900).content.length,
  footerRoom: FOOTER_ROOM,
  maxParts: 4,
};

test("whatever a turn does, its status is a message that Discord takes", () => {
  fc.assert(
    fc.property(anyStatus, (view) => {
      expectSendable({ ...renderStatus(view), allowed_mentions });
    }),
    { numRuns: propertyRuns(150, 0.1) },
  );
});

test("whatever models write, each part of an answer is a message that Discord takes", () => {
  fc.assert(
    fc.property(anyFinal, (view) => {
      const { parts } = finish(splittingAnswer(view.text, CAPABILITIES));
      for (const [chunk, text] of parts.entries()) {
        const content = { kind: "final", view, text, chunk, chunks: parts.length } as const;
        expectSendable({ ...renderFinal(content, markOf("final", chunk)), allowed_mentions });
      }
    }),
    { numRuns: propertyRuns(100, 0.05) },
  );
});

test("whatever a turn says, each page of why is a container that Discord takes", async () => {
  await fc.assert(
    fc.asyncProperty(anyTurn, fc.constantFrom("brief", "full"), async (state, extent) => {
      const mark = markOf("final");
      for (const container of await replyContainers(whyReply(state, extent), mark)) {
        expectSendable({ ...largeBody([container], []), allowed_mentions });
      }
    }),
    { numRuns: propertyRuns(30, 0.05) },
  );
});

test("whatever a note says, its messages are such that Discord takes them", async () => {
  await fc.assert(
    fc.asyncProperty(anyText, async (text) => {
      for (const body of await noteBodies({ text: text || "x" }, markOf("note")))
        expectSendable(body);
    }),
    { numRuns: propertyRuns(50, 0.05) },
  );
});

const button = (id: string, label = "Why") => ({ type: 2, style: 2, custom_id: id, label });
const row = (...components: readonly object[]) => ({ type: 1, components });
const text = (content: string) => ({ type: 10, content });
const LARGE = 1 << 15;

test.each<[what: string, at: string, body: object]>([
  ["a long text", "/content", { content: "x".repeat(2_001) }],
  [
    "a long label",
    "/components/0/components/0/label",
    { components: [row(button("a", "x".repeat(81)))] },
  ],
  ["a button without a word", "/components/0/components/0", { components: [row(button("a", ""))] }],
  [
    "six buttons in a row",
    "/components/0",
    { components: [row(..."abcdef".split("").map((id) => button(id)))] },
  ],
  ["six rows", "/components", { components: "abcdef".split("").map((id) => row(button(id))) }],
  ["an empty row", "/components/0", { components: [row()] }],
  [
    "a long custom_id",
    "/components/0/components/0/custom_id",
    { components: [row(button("x".repeat(101)))] },
  ],
  ["the same custom_id twice", "/components", { components: [row(button("a"), button("a"))] }],
  [
    "an empty menu",
    "/components/0/components/0/options",
    { components: [row({ type: 3, custom_id: "a", options: [] })] },
  ],
  [
    "a container without the flag",
    "/components",
    { components: [{ type: 17, components: [text("a")] }] },
  ],
  ["text beside a container", "/content", { flags: LARGE, content: "a", components: [text("a")] }],
  [
    "too much text in all",
    "/components",
    { flags: LARGE, components: [text("x".repeat(2_500)), text("y".repeat(1_600))] },
  ],
  [
    "too many bytes in all",
    "/components",
    { flags: LARGE, components: [text("日".repeat(3_400))] },
  ],
  [
    "too many parts",
    "/components",
    { flags: LARGE, components: Array.from({ length: 41 }, () => text("a")) },
  ],
  ["an empty text", "/components/0/content", { flags: LARGE, components: [text("")] }],
])("%s is found before it is sent, with its place", (_, at, body) => {
  const found = checkBody({ ...body, allowed_mentions });
  expect(found.map((issue) => issue.at)).toContain(at);
  expect(JSON.stringify(found)).not.toContain("xxx");
});

it("a message that may notify people is found", () => {
  expect(checkBody({ content: "@everyone" })).toMatchObject([{ at: "/allowed_mentions" }]);
});

it("a long answer shows its beginning in why, with a button that reads it", async () => {
  const answer = { label: "B", name: "Ada" };
  const long = {
    type: "text",
    markdown: `**Ada's answer**\n\n${"word ".repeat(200)}`,
    answer,
  } as const;
  const reply = { title: "Why this answer", blocks: [long], visibleTo: "asker", ok: true } as const;
  const [container] = await replyContainers(reply, markOf("final"));
  expect(container).toMatchObject({
    type: 17,
    components: [
      { type: 10, content: "## Why this answer" },
      { type: 9, components: [{ type: 10 }], accessory: { label: "Read Ada" } },
    ],
  });
});
