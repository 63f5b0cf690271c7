import { describe, expect, test } from "vitest";
import { useSlack } from "../../servers/slack/use-slack.ts";
import { refusal, webClient, whyButton } from "./bolt-app.ts";

const plain = (text: string) => ({ type: "plain_text", text });
describe("posts and edits", () => {
  test("refuse an edit over 4,000 characters, and cut a post at 40,000", async () => {
    const slack = await useSlack();
    const { chat } = webClient(slack);
    const { ts = "" } = await chat.postMessage({ channel: "C1", text: "x".repeat(41_000) });
    expect(slack.workspace.top("C1").at(-1)?.text).toHaveLength(40_000);
    const edit = chat.update({ channel: "C1", ts, text: "x".repeat(4_001) });
    expect(await refusal(edit)).toBe("msg_too_long");
    expect(slack.rejected).toHaveLength(2);
  });

  test.each<[string, readonly object[]]>([
    ["51 blocks", Array.from({ length: 51 }, () => ({ type: "divider" }))],
    ["a section over 3,000", [{ type: "section", text: plain("x".repeat(3_001)) }]],
    ["12,001 characters of Markdown", [markdown(6_001), markdown(6_000)]],
    ["a button over 75", [actions([{ ...button(1), text: plain("x".repeat(76)) }])]],
    ["a value over 2,000", [actions([{ ...button(1), value: "x".repeat(2_001) }])]],
    ["an action_id over 255", [actions([{ ...button(1), action_id: "x".repeat(256) }])]],
    ["26 elements", [actions(Array.from({ length: 26 }, (_, n) => button(n)))]],
    ["two elements of one id", [actions([button(1), button(1)])]],
    ["101 rows", [table(101, 2)]],
    ["21 columns", [table(2, 21)]],
    ["an unknown block", [{ type: "paragraph", text: "hi" }]],
    ["an unknown field", [{ type: "divider", colour: "red" }]],
  ])("refuse %s", async (_, blocks) => {
    const slack = await useSlack();
    const post = webClient(slack).apiCall("chat.postMessage", { channel: "C1", text: "x", blocks });
    expect(await refusal(post)).toBe("invalid_blocks");
    expect(slack.workspace.top("C1")).toEqual([]);
  });

  test("take everything at its limit", async () => {
    const slack = await useSlack();
    const blocks = [
      markdown(8_000),
      { type: "section", text: plain("x".repeat(3_000)) },
      actions(Array.from({ length: 25 }, (_, n) => button(n))),
      table(100, 2),
    ];
    await webClient(slack).apiCall("chat.postMessage", { channel: "C1", text: "x", blocks });
    expect(slack.rejected).toEqual([]);
  });

  test("lose the blocks with a text alone, and the metadata that does not come along", async () => {
    const slack = await useSlack();
    const { chat } = webClient(slack);
    const mark = { event_type: "parley", event_payload: { turn: "1" } };
    const { ts = "" } = await chat.postMessage({
      channel: "C1",
      text: "a",
      blocks: whyButton(),
      metadata: mark,
    });
    expect(slack.workspace.top("C1").at(-1)).toMatchObject({ metadata: mark, isEdited: false });
    await chat.update({ channel: "C1", ts, text: "b" });
    expect(slack.workspace.top("C1").at(-1)).toMatchObject({
      text: "b",
      buttons: [],
      metadata: undefined,
      isEdited: true,
    });
  });

  test("say who is notified", async () => {
    const slack = await useSlack();
    await webClient(slack).chat.postMessage({
      channel: "C1",
      text: "hi <@U2> and <!channel>, not @here",
    });
    expect(slack.workspace.top("C1").at(-1)?.pings).toEqual(["U2", "channel"]);
  });

  test("are refused where the app is not, in what is archived, and of what is not its own", async () => {
    const slack = await useSlack();
    const { workspace } = slack;
    const { chat } = webClient(slack);
    workspace.addChannel("C3", { members: ["U1"] });
    workspace.addChannel("G1", { kind: "private", members: ["U1"] });
    const theirs = workspace.user("U1").says("C1", "mine");
    workspace.archive("C2");
    expect(await refusal(chat.postMessage({ channel: "C3", text: "x" }))).toBe("not_in_channel");
    expect(await refusal(chat.postMessage({ channel: "G1", text: "x" }))).toBe("channel_not_found");
    expect(await refusal(chat.postMessage({ channel: "C2", text: "x" }))).toBe("is_archived");
    expect(await refusal(chat.postMessage({ channel: "C1", text: "x", thread_ts: "1.0" }))).toBe(
      "thread_not_found",
    );
    expect(await refusal(chat.update({ channel: "C1", ts: theirs.ts, text: "x" }))).toBe(
      "cant_update_message",
    );
    expect(await refusal(chat.update({ channel: "C1", ts: "1.0", text: "x" }))).toBe(
      "message_not_found",
    );
  });
});

const button = (n: number) => ({ type: "button", text: plain("Go"), action_id: `go-${n}` });
const actions = (elements: readonly object[]) => ({ type: "actions", elements });
const markdown = (length: number) => ({ type: "markdown", text: "x".repeat(length) });
const table = (rows: number, columns: number) => ({
  type: "table",
  rows: Array.from({ length: rows }, () =>
    Array.from({ length: columns }, () => ({ type: "raw_text", text: "x" })),
  ),
});

describe("faults", () => {
  test("an answer that is lost leaves the message there", async () => {
    const slack = await useSlack();
    slack.faults.next("chat.postMessage", { kind: "lost-answer" });
    const post = () => webClient(slack).chat.postMessage({ channel: "C1", text: "once" });
    await expect(post()).rejects.toThrow();
    expect(slack.workspace.top("C1")).toHaveLength(1);
    await post();
    expect(slack.workspace.top("C1")).toHaveLength(2);
  });

  test("a status, a refusal and a wait without anything done", async () => {
    const slack = await useSlack();
    slack.faults.next("chat.postMessage", { kind: "status", status: 503 });
    slack.faults.next("chat.postMessage", { kind: "error", error: "internal_error" });
    slack.faults.next("chat.postMessage", { kind: "limited", retryAfter: 7 });
    const post = () => webClient(slack).chat.postMessage({ channel: "C1", text: "x" });
    await expect(post()).rejects.toMatchObject({ statusCode: 503 });
    expect(await refusal(post())).toBe("internal_error");
    await expect(post()).rejects.toMatchObject({ retryAfter: 7 });
    expect(slack.workspace.top("C1")).toEqual([]);
  });
});
