import { describe, expect, it } from "vitest";
import { conversationOf } from "../../../adapters/slack/place.ts";
import { createBlockFallback } from "../../../adapters/slack/post/block-fallback.ts";
import { createPostedMessages, metadataOf } from "../../../adapters/slack/post/own-messages.ts";
import { createPostLimits } from "../../../adapters/slack/post/post-limits.ts";
import { createPosts } from "../../../adapters/slack/post/posts.ts";
import { send } from "../../../adapters/slack/post/send.ts";
import { render } from "../../../adapters/slack/render/render.ts";
import { createLiveThreads } from "../../../adapters/slack/threads/live-threads.ts";
import { TurnId } from "../../../src/ids.ts";
import type { Outgoing } from "../../../src/platform.ts";
import type { StatusView } from "../../../src/progress/status-view.ts";
import { ALONE } from "../../support/usage-leases.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { sampleStatus } from "../../support/sample-views.ts";
import { HOME } from "./events.ts";
import { type Answer, recordingClients } from "./recording-clients.ts";

const THREAD = conversationOf({ team: HOME.team, channel: "C1", thread: "1.1" });
const TURN = TurnId.parse("turn-1");
const FINAL = { turn: TURN, kind: "final", chunk: 0 } as const;
const NOTE = { kind: "note", text: "hello" } as const;

const status = (phase: StatusView["phase"]): Outgoing => ({
  kind: "status",
  view: sampleStatus({ phase }),
});

function rig(answer: Answer = () => ({ ts: "2.2" })) {
  const clock = createFakeClock();
  const { calls, clients } = recordingClients(answer);
  const ports = { workspaceOf: async () => HOME, clients, clock };
  const posted = createPostedMessages();
  const problems: string[] = [];
  const posts = createPosts({
    ...ports,
    posted,
    live: createLiveThreads(clock),
    limits: createPostLimits({ clock, processes: 1, leases: ALONE }),
    blocks: createBlockFallback({ clock, onProblem: (problem) => problems.push(String(problem)) }),
    onPosted() {},
  });
  return { ...posts, calls, clock, posted, problems };
}

describe("a post", () => {
  it("goes into the thread with its metadata, without link previews", async () => {
    const { post, calls, posted } = rig();
    const mark = { ...FINAL, kind: "note" } as const;
    expect(await post(THREAD, NOTE, mark)).toEqual({ conversation: THREAD, id: "2.2" });
    expect(calls).toEqual([
      [
        "chat.postMessage",
        {
          channel: "C1",
          thread_ts: "1.1",
          text: "hello",
          blocks: [{ type: "markdown", text: "hello" }],
          metadata: { event_type: "parley", event_payload: mark },
          unfurl_links: false,
          unfurl_media: false,
        },
      ],
    ]);
    expect(posted.find({ team: HOME.team, channel: "C1", ts: "2.2" })?.mark).toEqual(mark);
  });

  it("goes without its blocks where Slack refuses them", async () => {
    const { post, calls } = rig((_, { blocks }) =>
      Array.isArray(blocks) && blocks.length > 0 ? "invalid_blocks" : { ts: "2.2" },
    );
    await post(THREAD, status("answering"), { ...FINAL, kind: "status" });
    expect(calls.map(([, { blocks }]) => blocks)).toEqual([render(status("answering")).blocks, []]);
  });

  it("for one person becomes a direct message where Slack shows it to nobody in the thread", async () => {
    const only = { id: "U1", name: "Ada", kind: "person" } as const;
    const { post, calls } = rig((method) =>
      method === "chat.postEphemeral" ? "user_not_in_channel" : { ts: "2.2" },
    );
    expect((await post(THREAD, { ...NOTE, only }, FINAL)).id).toBe("2.2");
    expect(calls.map(([method, { channel }]) => [method, channel])).toEqual([
      ["chat.postEphemeral", "C1"],
      ["chat.postMessage", "U1"],
    ]);
  });

  it("that lands in the channel, because the thread's first message was deleted, is removed", async () => {
    const { post, calls } = rig((method) => {
      if (method === "chat.postMessage") return { ts: "2.2", message: { ts: "2.2" } };
      return method === "conversations.replies" ? "thread_not_found" : {};
    });
    await expect(post(THREAD, NOTE, FINAL)).rejects.toMatchObject({ outcome: "gone" });
    expect(calls.at(-1)).toMatchObject(["chat.delete", { channel: "C1", ts: "2.2" }]);
  });

  it("stays where a server merely leaves out that it is a reply", async () => {
    const { post, calls } = rig((method) =>
      method === "chat.postMessage" ? { ts: "2.2", message: { ts: "2.2" } } : { messages: [] },
    );
    expect((await post(THREAD, NOTE, FINAL)).id).toBe("2.2");
    expect(calls.map(([method]) => method)).not.toContain("chat.delete");
  });

  it("is cut before Slack cuts it, never within a character or an escape", async () => {
    const { calls, clients } = recordingClients(() => ({ ts: "2.2" }));
    const { finals } = clients();
    await send(finals, "chat.postMessage", { text: `${"x".repeat(38_998)}😀 more` }, {});
    await send(finals, "chat.update", { text: `${"x".repeat(3_898)}&lt;b` }, {});
    expect(calls.map(([, { text }]) => String(text).slice(-3))).toEqual(["xx…", "xx…"]);
  });

  it.each([
    ["is_archived", "gone"],
    ["restricted_action", "rejected"],
    ["internal_error", "unknown"],
    ["ratelimited", "rate_limited"],
  ])("that fails with %s is %s", async (code, outcome) => {
    await expect(rig(() => code).post(THREAD, NOTE, FINAL)).rejects.toMatchObject({ outcome });
  });
});

it("reads the id of a post from either field, and looks it up where it is missing", async () => {
  const nested = await rig(() => ({ message: { ts: "4.4" } })).post(THREAD, NOTE, FINAL);
  expect(nested.id).toBe("4.4");
  const own = { ts: "5.5", user: HOME.botUser, metadata: metadataOf(FINAL) };
  const silent = rig((method) => (method === "chat.postMessage" ? {} : { messages: [own] }));
  expect((await silent.post(THREAD, NOTE, FINAL)).id).toBe("5.5");
});

it("counts a message as posted when Slack says so, even if it cannot be found", async () => {
  const { post, edit, calls } = rig(() => ({}));
  const posted = await post(THREAD, status("answering"), { ...FINAL, kind: "status" });
  await edit(posted, status("answered"));
  expect(calls.map(([method]) => method)).toEqual(["chat.postMessage", "conversations.replies"]);
});

describe("an edit", () => {
  it("keeps the mark, and says when the message is gone", async () => {
    const { edit, calls } = rig();
    await edit({ conversation: THREAD, id: "2.2" }, status("answering"));
    expect(calls[0]).toMatchObject([
      "chat.update",
      { ts: "2.2", metadata: { event_payload: { kind: "status" } } },
    ]);
    const lost = rig(() => "message_not_found").edit({ conversation: THREAD, id: "2.2" }, NOTE);
    await expect(lost).rejects.toMatchObject({ outcome: "gone" });
  });

  it("shares the limit with all threads of the workspace; the last edit of a turn goes first", async () => {
    const { edit, calls } = rig();
    const of = (n: number, phase: StatusView["phase"] = "answering") =>
      edit({ conversation: THREAD, id: `${n}` }, status(phase)).then(
        () => 0,
        (error: { retryAfterMs?: number }) => error.retryAfterMs ?? -1,
      );
    const first = await Promise.all(Array.from({ length: 20 }, (_, n) => of(n)));
    expect(first.filter((ms) => ms === 0)).toHaveLength(4);
    expect(first.every((ms) => ms <= 3_000)).toBe(true);
    expect([await of(19, "answered"), (await of(18)) > 0]).toEqual([0, true]);
    expect(calls).toHaveLength(5);
  });
});

it("answers go before status messages when a channel is at its limit", async () => {
  const { post, clock } = rig();
  const tell = (n: number, content: Outgoing) =>
    post(THREAD, content, { ...FINAL, kind: content.kind, chunk: n }).then(
      () => true,
      () => false,
    );
  for (let n = 0; n < 8; n++) expect(await tell(n, NOTE)).toBe(true);
  expect([await tell(1, status("answering")), await tell(8, NOTE)]).toEqual([false, false]);
  await clock.advance(1_000);
  expect([await tell(1, status("answering")), await tell(8, NOTE)]).toEqual([false, true]);
  await clock.advance(1_000);
  expect(await tell(1, status("answering"))).toBe(true);
});

describe("looking for a message", () => {
  const own = { ts: "3.3", user: HOME.botUser, metadata: metadataOf(FINAL) };

  it("finds it by its mark, and by nothing else", async () => {
    const forged = { ...own, ts: "3.1", user: "U0ADA" };
    const other = { ...own, ts: "3.2", metadata: metadataOf({ ...FINAL, chunk: 1 }) };
    const { find } = rig(() => ({ messages: [forged, other, own] }));
    expect(await find(THREAD, FINAL)).toEqual({ conversation: THREAD, id: "3.3" });
  });

  it("says that it is missing only after reading the whole thread", async () => {
    expect(await rig(() => ({ messages: [] })).find(THREAD, FINAL)).toBeUndefined();
    const { find, clock } = rig((_, { cursor }) =>
      cursor ? "ratelimited" : { messages: [], response_metadata: { next_cursor: "2" } },
    );
    const finding = find(THREAD, FINAL).catch((error: unknown) => error);
    await clock.advance(10_000);
    expect(await finding).toMatchObject({ outcome: "rate_limited" });
  });
});

describe("a status that goes with its answer", () => {
  const gone = {
    kind: "status",
    view: sampleStatus({ phase: "answered", after: "delete" }),
  } as const;
  const message = { conversation: THREAD, id: "2.2" };

  it("is deleted", async () => {
    const { edit, calls } = rig();
    await edit(message, gone);
    expect(calls).toEqual([["chat.delete", { channel: "C1", ts: "2.2" }]]);
  });

  it("may be gone already", async () => {
    const { edit, calls } = rig(() => "message_not_found");
    await edit(message, gone);
    expect(calls).toHaveLength(1);
  });

  it("shrinks to a line where Slack forbids to delete it", async () => {
    const { edit, calls } = rig((method) =>
      method === "chat.delete" ? "cant_delete_message" : { ts: "2.2" },
    );
    await edit(message, gone);
    expect(calls.map(([method]) => method)).toEqual(["chat.delete", "chat.update"]);
  });

  it("stays while the turn runs, and when it was stopped", async () => {
    const { edit, calls } = rig();
    for (const phase of ["reviewing", "stopped"] as const) {
      await edit(message, { kind: "status", view: sampleStatus({ phase, after: "delete" }) });
    }
    expect(calls.map(([method]) => method)).toEqual(["chat.update", "chat.update"]);
  });
});
