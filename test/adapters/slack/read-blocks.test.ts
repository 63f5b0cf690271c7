import { expect, test } from "vitest";
import { readMessage } from "../../../adapters/slack/threads/read-message.ts";
import { SlackMessage } from "../../../adapters/slack/wire/message.ts";

const workspace = {
  team: "T1",
  enterprise: undefined,
  token: "t",
  botUser: "U0PARLEY",
  botId: "B0PARLEY",
};
const known = { users: new Map(), channels: new Map(), files: new Map() };
const read = (fields: object) =>
  readMessage(SlackMessage.parse({ ts: "1.1", user: "U1", ...fields }), {
    workspace,
    known,
    hosts: { allows: () => true },
    otherwiseAt: 0,
  }).text;

const raw = (text: string) => ({ type: "raw_text", text });
const table = {
  type: "table",
  rows: [
    [raw("Plan"), raw("Cost")],
    [raw("A|B"), { type: "raw_number", value: 3, text: "$3" }],
  ],
};
const TABLE = "| Plan | Cost |\n| --- | --- |\n| A\\|B | $3 |";

test.each([
  ["in attachments", { attachments: [{ blocks: [table] }] }],
  ["among the blocks", { blocks: [{ type: "rich_text", elements: [] }, table] }],
])("a table that a person pastes %s is read", (_, fields) => {
  expect(read({ text: "which one?", ...fields })).toBe(`which one?\n\n${TABLE}`);
});

test("an alert is read whole: what is above, its title, fields and footer", () => {
  const attachments = [
    {
      pretext: "Alert from *Grafana*",
      title: "CPU high",
      text: "web-1",
      fields: [
        { title: "Value", value: "97 %" },
        { title: "Since", value: "10:02" },
      ],
      footer: "rule 7",
      fallback: "CPU high",
    },
    { fallback: "only this" },
  ];
  expect(read({ bot_id: "B1", text: "Firing", attachments })).toBe(
    "Firing\nAlert from **Grafana**\n**CPU high**\nweb-1\nValue: 97 %\nSince: 10:02\nrule 7\nonly this",
  );
});

test("a workflow's message without text is read from its blocks", () => {
  const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text } });
  const fields = [{ type: "mrkdwn", text: "*Who* Ada" }];
  const blocks = [section("Build *failed*"), { type: "section", fields }, table];
  expect(read({ bot_id: "B1", text: "", blocks })).toBe(`Build **failed**\n**Who** Ada\n${TABLE}`);
});

test("a forward is read from its blocks, with its files, beside the text", () => {
  const said = { type: "rich_text_section", elements: [{ type: "text", text: "Ship it" }] };
  const blocks = [{ type: "rich_text", elements: [said] }];
  const forward = {
    is_share: true,
    author_name: "Bob",
    message_blocks: [{ message: { blocks } }],
    files: [{ id: "F1", title: "plan.pdf" }],
  };
  expect(read({ text: "agreed?", attachments: [forward] })).toBe(
    "agreed?\n\n> Bob: Ship it\n> (file: plan.pdf)",
  );
  const link = { title: "A preview", text: "of a page", from_url: "https://x.io" };
  expect(read({ text: "see", attachments: [link] })).toBe("see");
});

test("a canvas or page is named by its title", () => {
  const attachments = [{ title: "Roadmap", from_url: "https://acme.slack.com/docs/T1/F1" }];
  expect(read({ text: "read <https://acme.slack.com/docs/T1/F1>", attachments })).toBe(
    "read [Roadmap](https://acme.slack.com/docs/T1/F1)",
  );
});

test("lists and code of rich text are read as such", () => {
  const item = (text: string) => ({
    type: "rich_text_section",
    elements: [{ type: "text", text }],
  });
  const elements = [
    { type: "rich_text_list", style: "bullet", elements: [item("one"), item("two")] },
    { type: "rich_text_list", style: "ordered", indent: 1, offset: 2, elements: [item("three")] },
    { type: "rich_text_preformatted", elements: [{ type: "text", text: "a = *b*" }] },
  ];
  expect(read({ text: "", blocks: [{ type: "rich_text", elements }] })).toBe(
    "- one\n- two\n    3. three\n```\na = *b*\n```",
  );
});

test("odd attachments and blocks are left out", () => {
  const odd = { fields: "none", blocks: 7, message_blocks: [{}], files: [{}], is_share: true };
  expect(read({ text: "hi", attachments: [odd, null, 3], blocks: [{ type: "table" }] })).toBe("hi");
});
