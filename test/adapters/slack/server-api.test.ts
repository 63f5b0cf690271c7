import { describe, expect, test, vi } from "vitest";
import { createFakeClock } from "../../support/fake-clock.ts";
import type { Slack } from "../../servers/slack/slack.ts";
import { useSlack } from "../../servers/slack/use-slack.ts";
import { refusal, webClient } from "./bolt-app.ts";
import { PATIENCE } from "../../support/patience.ts";

describe("tokens and scopes", () => {
  test("a wrong token, and one of an app that was thrown out", async () => {
    const slack = await useSlack();
    const token = slack.workspace.token();
    expect(await refusal(webClient(slack, "xoxb-wrong").auth.test())).toBe("invalid_auth");
    slack.workspace.uninstall();
    expect(await refusal(webClient(slack, token).auth.test())).toBe("account_inactive");
  });

  test("a missing scope says which", async () => {
    const slack = await useSlack();
    slack.workspace.withoutScope("channels:history");
    const call = webClient(slack).conversations.history({ channel: "C1" });
    await expect(call).rejects.toMatchObject({
      data: { error: "missing_scope", needed: "channels:history" },
    });
  });

  test("OAuth installs the app, once for each code", async () => {
    const slack = await useSlack({ isInstalled: false });
    const { clientId: client_id, clientSecret: client_secret } = slack.app;
    const query = new URLSearchParams({
      client_id,
      scope: "chat:write",
      state: "s",
      redirect_uri: "http://127.0.0.1/back",
    });
    const page = await fetch(`${slack.authorizeUrl}?${String(query)}`, { redirect: "manual" });
    const back = new URL(page.headers.get("location") ?? "");
    expect(back.searchParams.get("state")).toBe("s");
    const code = back.searchParams.get("code") ?? "";
    const exchange = () => webClient(slack).oauth.v2.access({ client_id, client_secret, code });
    expect(await exchange()).toMatchObject({
      access_token: slack.workspace.token(),
      team: { id: "T1" },
    });
    expect(await refusal(exchange())).toBe("invalid_code");
  });
});

describe("limits of pace", () => {
  test("the 51st edit in a minute is told to wait, until the minute is over", async () => {
    const clock = createFakeClock();
    const slack = await useSlack({ clock });
    const { chat } = webClient(slack);
    const { ts = "" } = await chat.postMessage({ channel: "C1", text: "x" });
    const edit = () => chat.update({ channel: "C1", ts, text: "y" });
    for (let n = 0; n < 50; n++) await edit();
    await expect(edit()).rejects.toMatchObject({ retryAfter: 60 });
    await clock.advance(60_000);
    await edit();
    expect(slack.limited()).toHaveLength(1);
  });

  test("posts: a burst, then one a second in each channel", async () => {
    const clock = createFakeClock();
    const slack = await useSlack({ clock, postBurst: 2 });
    const post = (channel: string) => webClient(slack).chat.postMessage({ channel, text: "x" });
    await post("C1");
    await post("C1");
    await expect(post("C1")).rejects.toMatchObject({ retryAfter: 1 });
    await post("C2");
    await clock.advance(1_000);
    await post("C1");
  });

  test("few: one request a minute for 15 messages of history", async () => {
    const slack = await useSlack({ history: "few" });
    const ada = slack.workspace.user("U1");
    const { ts } = ada.says("C1", "root");
    for (let n = 0; n < 20; n++) ada.says("C1", `reply ${n}`, { thread: ts });
    const { conversations } = webClient(slack);
    const page = await conversations.replies({ channel: "C1", ts, limit: 200 });
    expect(page).toMatchObject({ has_more: true, messages: { length: 16 } });
    await expect(conversations.replies({ channel: "C1", ts })).rejects.toMatchObject({
      retryAfter: 60,
    });
  });
});

test("pages of a thread all begin with its root", async () => {
  const slack = await useSlack();
  const ada = slack.workspace.user("U1");
  const { ts } = ada.says("C1", "root");
  for (let n = 0; n < 3; n++) ada.says("C1", `reply ${n}`, { thread: ts });
  const { conversations } = webClient(slack);
  const first = await conversations.replies({ channel: "C1", ts, limit: 2 });
  const cursor = first.response_metadata?.next_cursor ?? "";
  const second = await conversations.replies({ channel: "C1", ts, limit: 2, cursor });
  const pages = [first, second].map(({ messages }) => messages?.map(({ text }) => text));
  expect(pages).toEqual([
    ["root", "reply 0", "reply 1"],
    ["root", "reply 2"],
  ]);
});

test("the native status is set, and ends with an answer or by the app", async () => {
  const slack = await useSlack();
  const client = webClient(slack);
  const { ts } = slack.workspace.user("U1").says("C1", "root");
  const where = { channel_id: "C1", thread_ts: ts };
  await client.apiCall("assistant.threads.setStatus", { ...where, status: "is thinking…" });
  expect(slack.workspace.native("C1", ts)?.status).toBe("is thinking…");
  await client.chat.postMessage({ channel: "C1", thread_ts: ts, text: "done" });
  expect(slack.workspace.native("C1", ts)).toBeUndefined();
  await client.agents.sessions.setStatus({ ...where, status: "processing" });
  await client.chat.postMessage({ channel: "C1", thread_ts: ts, text: "more" });
  expect(slack.workspace.native("C1", ts)).toEqual({ kind: "session", status: "processing" });
  await client.agents.sessions.setStatus({ ...where, status: "active" });
  expect(slack.workspace.native("C1", ts)).toBeUndefined();
});

describe("files", () => {
  const fileOf = async (slack: Slack, behaviour: "plain" | "redirect" | "redirect-away") => {
    const file = { name: "a b.txt", bytes: "hello", behaviour };
    const said = slack.workspace.user("U1").says("C1", "", { files: [file] });
    const { messages } = await webClient(slack).conversations.history({ channel: "C1" });
    expect(messages?.[0]).toMatchObject({ ts: said.ts, subtype: "file_share" });
    return messages?.[0]?.files?.[0]?.url_private_download ?? "";
  };
  const get = (url: string, token: string) =>
    fetch(url, { headers: { authorization: `Bearer ${token}` } }).then((answer) => answer.text());

  test("are given to the app's token; others see the login page", async () => {
    const slack = await useSlack();
    for (const behaviour of ["plain", "redirect"] as const) {
      const url = await fileOf(slack, behaviour);
      expect(await get(url, slack.workspace.token())).toBe("hello");
      expect(await get(url, "xoxb-wrong")).toContain("<title>Sign in");
    }
  });

  test("that lead elsewhere tell when the token went along", async () => {
    const slack = await useSlack();
    const url = await fileOf(slack, "redirect-away");
    const { headers } = await fetch(url, {
      headers: { authorization: `Bearer ${slack.workspace.token()}` },
      redirect: "manual",
    });
    await get(headers.get("location") ?? "", slack.workspace.token());
    expect(slack.rejected).toEqual(["the bot token was sent to a host that is not Slack's"]);
  });

  test("are uploaded and shared a moment later", async () => {
    const slack = await useSlack();
    const { ts } = slack.workspace.user("U1").says("C1", "root");
    await webClient(slack).filesUploadV2({
      channel_id: "C1",
      thread_ts: ts,
      filename: "answer.md",
      content: "# Hi",
    });
    await vi.waitFor(() => expect(slack.workspace.thread("C1", ts)).toHaveLength(2), PATIENCE);
    expect(slack.workspace.thread("C1", ts).at(-1)?.files).toEqual(["answer.md"]);
    expect(slack.rejected).toEqual([]);
  });
});

describe("who is not of the workspace", () => {
  test("a person of another organisation has a short profile, and events of their own team", async () => {
    const slack = await useSlack();
    const eve = slack.workspace.addUser("U7", { team: "T7", displayName: "Eve" });
    slack.workspace.addChannel("C7", { isShared: true });
    eve.says("C7", "hello");
    const { user } = await webClient(slack).users.info({ user: "U7" });
    expect(user).toMatchObject({ team_id: "T7", is_stranger: true });
    expect(slack.deliveries.all[0]?.payload).toMatchObject({
      team_id: "T7",
      context_team_id: "T1",
      authorizations: [{ team_id: "T1" }],
      is_ext_shared_channel: true,
    });
  });

  test("an organisation's one token reaches all of its workspaces", async () => {
    const slack = await useSlack({ isInstalled: false });
    const enterprise = { id: "E1", name: "Acme" };
    for (const id of ["T2", "T3"]) {
      const room = slack.addWorkspace(id, { enterprise, isInstalled: false });
      room.install({ isOrgWide: true, token: "xoxb-E1-all" });
      room.addChannel(`C${id}`);
    }
    const { chat } = webClient(slack, "xoxb-E1-all");
    expect(await refusal(chat.postMessage({ channel: "CT3", text: "hi" }))).toBe("ok");
    expect(await refusal(chat.postMessage({ channel: "CT1", text: "hi" }))).toBe(
      "channel_not_found",
    );
  });
});
