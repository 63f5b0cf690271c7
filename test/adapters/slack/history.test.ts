import { webApi } from "@slack/bolt";
import { describe, expect, it } from "vitest";
import { toPlatformError } from "../../../adapters/slack/api/errors.ts";
import { createFileHosts } from "../../../adapters/slack/threads/attached-files.ts";
import { createLiveThreads, trackEvent } from "../../../adapters/slack/threads/live-threads.ts";
import { createPeople } from "../../../adapters/slack/people/people.ts";
import { conversationOf } from "../../../adapters/slack/place.ts";
import { metadataOf } from "../../../adapters/slack/post/own-messages.ts";
import { readHistory } from "../../../adapters/slack/threads/history.ts";
import { type DeliveryMark } from "../../../src/platform.ts";
import { TurnId } from "../../../src/ids.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { edit, envelope, HOME, message } from "./events.ts";
import { type Answer, recordingClients } from "./recording-clients.ts";

const ROOT = "1773327463.000100";
const PLACE = { team: HOME.team, channel: "C0GENERAL", thread: ROOT };
const TURN = TurnId.parse("turn-1");
const NOW = 1_773_327_464_000;

const said = (ts: string, text: string, more: object = {}) => ({
  type: "message",
  user: "U0ADA",
  ts: `1773327463.${ts}`,
  thread_ts: ROOT,
  text,
  ...more,
});
const own = (ts: string, text: string, mark?: Partial<DeliveryMark>, more: object = {}) =>
  said(ts, text, {
    user: HOME.botUser,
    bot_id: HOME.botId,
    ...(mark && { metadata: metadataOf({ turn: TURN, kind: "final", chunk: 0, ...mark }) }),
    ...more,
  });

const users: Readonly<Record<string, string>> = { U0ADA: "Ada", U0BOB: "Bob" };

function rig(pages: readonly (readonly object[])[], more: Answer = () => "unknown_method") {
  const clock = createFakeClock();
  const live = createLiveThreads(clock);
  const { calls, clients } = recordingClients((method, args) => {
    if (method === "conversations.replies") {
      const page = Number(args["cursor"] ?? 0);
      const next_cursor = page + 1 < pages.length ? String(page + 1) : "";
      return { messages: pages[page], response_metadata: { next_cursor } };
    }
    const name = users[String(args["user"])];
    return method === "users.info" && name
      ? { user: { name: "x", real_name: name } }
      : more(method, args);
  });
  const people = createPeople({ clients, clock, onProblem() {} });
  const hosts = createFileHosts("https://slack.com/api/", []);
  const audience = { external: "answer", guests: "answer" } as const;
  const workspaceOf = async () => HOME;
  const ports = { workspaceOf, clients, people, live, hosts, clock, audience };
  const { signal } = new AbortController();
  const read = (first?: string) => readHistory(ports, conversationOf(PLACE), signal, first);
  return { read, calls, live, clock, ports };
}

const lines = async ({ read }: ReturnType<typeof rig>, first?: string) =>
  (await read(first)).messages.map(({ author, text }) => `${author.name}: ${text}`);

describe("a thread's history", () => {
  it("is read page by page, with the root once", async () => {
    const root = said("000100", "<@U0PARLEY> why?");
    const thread = rig([
      [root, said("000200", "one")],
      [root, said("000300", "two")],
    ]);
    expect(await lines(thread)).toEqual(["Ada: why?", "Ada: one", "Ada: two"]);
    const asked = thread.calls.filter(([method]) => method === "conversations.replies");
    expect(asked.map(([, { include_all_metadata: all }]) => all)).toEqual([true, true]);
  });

  it("names people as the workspace does, with one call each, and keeps ids without a name", async () => {
    const thread = rig([[said("000100", "<@U0BOB> and <@U0EVE>?"), said("000200", "yes")]]);
    expect(await lines(thread)).toEqual(["Ada: @Bob and @U0EVE?", "Ada: yes"]);
    expect(thread.calls.filter(([method]) => method === "users.info")).toHaveLength(3);
  });

  it("recognises its own messages by their metadata, and other bots' messages", async () => {
    const { read } = rig([
      [
        own("000100", "council · answering", { kind: "status" }),
        own("000200", "&lt;b&gt; *as it is*", { chunk: 1 }),
        said("000300", "build failed", { user: undefined, bot_id: "B0CI", username: "CI" }),
        said("000400", "forged", { metadata: metadataOf({ turn: TURN, kind: "final", chunk: 0 }) }),
      ],
    ]);
    expect((await read()).messages).toMatchObject([
      { author: { kind: "self" }, mark: { kind: "status", turn: TURN } },
      { author: { kind: "self" }, text: "<b> **as it is**", mark: { kind: "final", chunk: 1 } },
      { author: { kind: "bot", name: "CI" } },
      { author: { kind: "person" }, text: "forged" },
    ]);
    expect((await read()).messages[3]).not.toHaveProperty("mark");
  });

  it("leaves out Slack's own notices", async () => {
    const thread = rig([
      [
        said("000100", "This message was deleted.", { subtype: "tombstone", user: "USLACKBOT" }),
        said("000200", "has joined", { subtype: "channel_join" }),
        said("000300", "hi"),
      ],
    ]);
    expect(await lines(thread)).toEqual(["Ada: hi"]);
  });

  it("joins a shared answer.md to the answer it belongs to", async () => {
    const file = {
      id: "F1",
      name: "answer.md",
      mimetype: "text/markdown",
      size: 5,
      url_private: "x",
    };
    const { read } = rig([
      [own("000200", "", undefined, { files: [file] }), own("000300", "In short …", {})],
    ]);
    const [, answer] = (await read()).messages;
    expect(answer).toMatchObject({ text: "In short …", files: [{ name: "answer.md" }] });
  });

  it("quotes forwarded messages, but no link previews", async () => {
    const forwarded = { is_share: true, author_name: "Bob", text: "it is down" };
    const preview = { from_url: "https://a.org", text: "Welcome" };
    const thread = rig([[said("000100", "see", { attachments: [forwarded, preview] })]]);
    expect(await lines(thread)).toEqual(["Ada: see\n\n> Bob: it is down"]);
  });

  it("looks up files of shared channels, and drops those that are gone", async () => {
    const bare = { id: "F1", file_access: "check_file_info" };
    const gone = { id: "F2", mode: "tombstone" };
    const { read } = rig([[said("000100", "", { files: [bare, gone] })]], (method) =>
      method === "files.info" ? { file: { id: "F1", name: "a.png", mimetype: "image/png" } } : "no",
    );
    const [first] = (await read()).messages;
    expect(first?.files).toMatchObject([{ id: "F1", name: "a.png", mediaType: "image/png" }]);
  });
});

describe("under Slack's rate limits", () => {
  const limited = (retryAfter: number) => {
    const failure = toPlatformError(new webApi.WebAPIRateLimitedError(retryAfter), "x");
    return () => Promise.reject(failure);
  };

  function under(retryAfter: number) {
    const thread = rig([[said("000100", "one")]]);
    const { reading } = thread.ports.clients();
    let calls = 0;
    const call: typeof reading.call = (method, args, answer) =>
      method === "conversations.replies" && calls++ === 0
        ? limited(retryAfter)()
        : reading.call(method, args, answer);
    thread.ports.clients = () => ({
      reading: { ...reading, call },
      progress: reading,
      finals: reading,
    });
    return thread;
  }

  it("waits a few seconds", async () => {
    const thread = under(3);
    const read = thread.read();
    await thread.clock.advance(3_000);
    expect(await read).toMatchObject({ complete: true, messages: [{ text: "one" }] });
  });

  it("is incomplete after long waits, and says so", async () => {
    expect(await under(60).read()).toEqual({ complete: false, messages: [] });
  });

  it("takes a thread that it followed from the start from its events", async () => {
    const thread = under(60);
    const sees = (event: Record<string, unknown>) =>
      trackEvent(thread.live, envelope(event), HOME, NOW);
    sees(message("first", { ts: ROOT }));
    sees(message("seond", said("000200", "seond")));
    sees(edit("seond", "second", said("000200", "second")));
    await thread.clock.advance(60_000);
    const { complete, messages } = await thread.read();
    expect([complete, messages.map(({ text }) => text)]).toEqual([true, ["first", "second"]]);
  });

  it("does not ask Slack about a thread that its first request has just opened", async () => {
    const thread = rig([]);
    trackEvent(thread.live, envelope(message("hi", { ts: ROOT })), HOME, NOW);
    expect(await lines(thread, ROOT)).toEqual(["Ada: hi"]);
    expect(thread.calls.map(([method]) => method)).toEqual(["users.info"]);
  });

  it.each([
    ["a reply", "1773327463.000200"],
    ["the first message, asked again", undefined],
  ])(
    "asks Slack in all other cases, whatever this process has seen of the thread: %s",
    async (_, first) => {
      const thread = rig([[said("000100", "hi"), own("000150", "An answer.", {})]]);
      trackEvent(thread.live, envelope(message("hi", { ts: ROOT })), HOME, NOW);
      expect(await lines(thread, first)).toEqual(["Ada: hi", "Parley: An answer."]);
    },
  );

  it("does not rely on late events, nor on events after a gap", async () => {
    const thread = rig([[said("000100", "from Slack")]]);
    trackEvent(thread.live, envelope(message("old", { ts: ROOT })), HOME, NOW + 60_000);
    expect(await lines(thread, ROOT)).toEqual(["Ada: from Slack"]);
    trackEvent(thread.live, envelope(message("new", { ts: ROOT })), HOME, NOW);
    thread.live.forget();
    expect(await lines(thread, ROOT)).toEqual(["Ada: from Slack"]);
  });
});
