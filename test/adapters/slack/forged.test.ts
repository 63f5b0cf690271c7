import { describe, expect, it, test, vi } from "vitest";
import { checkOrigin } from "../../../adapters/slack/interactions/read-interaction.ts";
import { Interaction } from "../../../adapters/slack/wire/interaction.ts";
import { readSigned, signMetadata } from "../../../adapters/slack/views/modal.ts";
import { formatConversationId } from "../../../src/ids.ts";
import { parleyInSlack } from "./parley-in-slack.ts";
import { PATIENCE } from "../../support/patience.ts";

const workspace = {
  team: "T1",
  token: "xoxb-1",
  enterprise: undefined,
  botUser: "UB",
  botId: undefined,
};

const about = (space: string, channel = "C1") =>
  JSON.stringify({
    conversation: formatConversationId({ platform: "slack", space, channel, thread: "1.1" }),
    turn: "turn-1",
    kind: "retry",
  });

describe("a modal's metadata", () => {
  const metadata = about("T1");
  const signed = signMetadata(workspace, metadata);

  test("is accepted unchanged in its own workspace", () => {
    expect(readSigned(workspace, signed)).toBe(metadata);
  });

  test.each([
    ["another channel", signed.replace("C1", "C2")],
    ["another turn", signed.replace("turn-1", "turn-2")],
    ["another workspace", signed.replace("T1", "T2")],
    ["no signature", metadata],
    ["an empty signature", `.${metadata}`],
    ["a signature cut short", signed.slice(5)],
    ["another's signature", signMetadata({ ...workspace, token: "xoxb-2" }, metadata)],
    ["what another workspace's modal is about", signMetadata(workspace, about("T2"))],
    ["no conversation", signMetadata(workspace, "{}")],
    ["nothing", ""],
  ])("is refused with %s", (_, altered) => {
    expect(readSigned(workspace, altered)).toBeUndefined();
  });

  test("is refused in another workspace", () => {
    expect(readSigned({ ...workspace, team: "T2" }, signed)).toBeUndefined();
  });
});

test("a click that names two channels is refused, one that names one is not", () => {
  const click = (container: string | undefined, channel: string | undefined) =>
    checkOrigin(
      Interaction.parse({
        user: { id: "U1" },
        ...(channel && { channel: { id: channel } }),
        ...(container && { container: { channel_id: container } }),
      }),
      workspace,
    );
  expect(click("C1", "C2")).toBeUndefined();
  for (const [container, channel] of [
    ["C1", "C1"],
    ["C1", undefined],
    [undefined, "C1"],
    [undefined, undefined],
  ] as const)
    expect(click(container, channel)).toBeDefined();
});

const OUTDATED = "This is out of date. Please open it again.";

/** A modal of the last answer, whose metadata is about to be changed. */
async function openModal(button: string) {
  const slack = await parleyInSlack({ times: 2 });
  const { store } = await slack.join();
  const { ada, at, answered } = slack;
  const question = ada.says("C1", `${at} What is 2 + 2?`);
  const [answer] = await answered(question);
  if (!answer) throw new Error("There is no answer.");
  await ada.clicks(answer, button);
  await vi.waitFor(() => expect(ada.modal()).toBeDefined(), PATIENCE);
  const { view } = ada.modal() ?? {};
  const alter = (from: string | RegExp, to: string) => {
    if (!view) return;
    const metadata = String(view.body["private_metadata"]).replace(from, to);
    view.body = { ...view.body, private_metadata: metadata };
  };
  return { ...slack, store, question, alter };
}

it.each([
  ["another workspace's thread", "slack:T1", "slack:T2"],
  ["another channel's thread", ":C1:", ":C2:"],
  ["another turn", /"turn":"[^"]+"/, '"turn":"0192"'],
])("a form that is sent back about %s is refused in neutral words", async (_, from, to) => {
  const { ada, alter, store, question, answers } = await openModal("Retry…");
  alter(from, to);
  const body = await ada.submits();
  expect(body).toMatchObject({ response_action: "errors", errors: { team: OUTDATED } });
  expect(JSON.stringify(body)).not.toMatch(/T2|C2|0192/);
  expect(await store.db.q("SELECT id FROM turns", [])).toHaveLength(1);
  expect(answers(question)).toHaveLength(1);
});

it("an unchanged form is accepted", async () => {
  const { ada, alter, answered, question } = await openModal("Retry…");
  alter("nothing of this", "");
  expect(await ada.submits()).not.toMatchObject({ response_action: "errors" });
  await answered(question, 2);
});
