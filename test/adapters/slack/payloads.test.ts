import fc from "fast-check";
import { expect, it, test } from "vitest";
import { checkMessage, checkView } from "../../../adapters/slack/payload/check-payload.ts";
import { conversationOf } from "../../../adapters/slack/place.ts";
import type { SlackText } from "../../../adapters/slack/render/blocks.ts";
import { render, renderNote, renderPlain } from "../../../adapters/slack/render/render.ts";
import { detailsModal, whyModal } from "../../../adapters/slack/views/turn-modals.ts";
import type { Outgoing } from "../../../src/platform.ts";
import {
  isTooLong,
  problemsOfBlocks,
  problemsOfViewBlocks,
} from "../../servers/slack/blocks/validate.ts";
import { anyFinal, anyStatus, anyText, anyTurn } from "../../support/any-views.ts";
import { propertyRuns } from "../../support/property-runs.ts";

const thread = conversationOf({ team: "T1", channel: "C1", thread: "17.5" });
const NATIVE = ["markdown", "container", "context_actions"];
const deny = fc.subarray(NATIVE).map((types) => new Set(types));

/** Both the product and the server of the tests take it. */
function expectSendable(message: SlackText): void {
  const { blocks = [] } = message;
  expect(checkMessage(message)).toEqual([]);
  expect(problemsOfBlocks(blocks)).toEqual([]);
  expect(isTooLong(blocks)).toBe(false);
}

const finalOf = fc
  .record({ view: anyFinal, chunk: fc.nat(2), chunks: fc.constant(3) })
  // Delivery splits an answer into parts of at most 10,000 characters.
  .map(
    ({ view, ...part }) =>
      ({ kind: "final", view, text: view.text.slice(0, 10_000), ...part }) as const,
  );
const anything: fc.Arbitrary<Outgoing> = fc.oneof(
  anyStatus.map((view) => ({ kind: "status", view }) as const),
  finalOf,
  anyText.map((text) => ({ kind: "note", text }) as const),
);

test("whatever models and people write, each message is one that Slack takes", () => {
  fc.assert(
    fc.property(anything, deny, (content, denied) => {
      expectSendable(render(content, denied));
      expect(renderPlain(content).length).toBeLessThan(40_000);
    }),
    { numRuns: propertyRuns(150, 0.1), endOnFailure: true },
  );
});

test("whatever a turn says, each modal about it is one that Slack takes", async () => {
  await fc.assert(
    fc.asyncProperty(anyTurn, fc.nat(3), async (state, page) => {
      for (const view of [
        await whyModal(state, thread, { page, ratings: state.title }),
        await detailsModal(state, thread, { page }),
      ]) {
        expect(checkView({ ...view })).toEqual([]);
        expect(problemsOfViewBlocks(view.blocks)).toEqual([]);
      }
    }),
    { numRuns: propertyRuns(30, 0.05), endOnFailure: true },
  );
});

const plain = (text: string) => ({ type: "plain_text", text });
const button = (id: string, text = "Why") => ({ type: "button", action_id: id, text: plain(text) });
const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text } });
const cells = (...texts: readonly string[]) => texts.map((text) => ({ type: "raw_text", text }));

test.each<[what: string, at: string, ...blocks: object[]]>([
  ["a section that is too long", "/blocks/0/text/text", section("x".repeat(3_001))],
  ["an empty section", "/blocks/0/text/text", section("")],
  ["an unknown type", "/blocks/0", { type: "marquee" }],
  ["more than fifty blocks", "/blocks", ...Array.from({ length: 51 }, () => ({ type: "divider" }))],
  [
    "the same action twice",
    "/blocks/0/elements",
    { type: "actions", elements: [button("a"), button("a")] },
  ],
  [
    "a long label",
    "/blocks/0/elements/0",
    { type: "actions", elements: [button("a", "x".repeat(76))] },
  ],
  ["no buttons", "/blocks/0/elements", { type: "actions", elements: [] }],
  [
    "too much Markdown in sum",
    "/blocks",
    ...["a", "b"].map((letter) => ({ type: "markdown", text: letter.repeat(6_100) })),
  ],
  [
    "too much text in all",
    "/blocks",
    ...Array.from({ length: 5 }, () => section("x".repeat(2_900))),
  ],
  [
    "two tables",
    "/blocks",
    ...["a", "b"].map((caption) => ({
      type: "data_table",
      caption,
      rows: [cells("a"), cells("b")],
    })),
  ],
  [
    "uneven rows",
    "/blocks/0",
    { type: "data_table", caption: "a", rows: [cells("a", "b"), cells("c")] },
  ],
  [
    "an empty cell",
    "/blocks/0/rows/1/0",
    { type: "data_table", caption: "a", rows: [cells("a"), cells("")] },
  ],
  [
    "a table without rows",
    "/blocks/0/rows",
    { type: "data_table", caption: "a", rows: [cells("a")] },
  ],
  [
    "Markdown in a container",
    "/blocks/0/child_blocks/0",
    { type: "container", title: plain("a"), child_blocks: [{ type: "markdown", text: "a" }] },
  ],
  [
    "a container that only folds",
    "/blocks/0",
    { type: "container", title: plain("a"), default_collapsed: true, child_blocks: [section("a")] },
  ],
  [
    "the same block_id twice",
    "/blocks",
    { type: "divider", block_id: "a" },
    { type: "divider", block_id: "a" },
  ],
])("%s is found before it is sent, with its place", (_, at, ...blocks) => {
  const found = checkMessage({ text: "a", blocks });
  expect(found.length).toBeGreaterThan(0);
  expect(found[0]?.at.startsWith(at)).toBe(true);
  expect(JSON.stringify(found)).not.toContain("xxx");
});

it("what only messages hold is found in a modal", () => {
  const { blocks = [] } = renderNote("Hello");
  expect(checkView({ blocks, title: plain("a title that is far too long") })).toMatchObject([
    { at: "/title" },
    { at: "/blocks/0" },
  ]);
});

it("a message without words for those who hear it is found", () => {
  expect(checkMessage({ text: " ", blocks: [] })).toMatchObject([{ at: "/text" }]);
});
