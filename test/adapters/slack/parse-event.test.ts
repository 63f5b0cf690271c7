import { describe, expect, it } from "vitest";
import { parseEvent } from "../../../adapters/slack/intake/parse-event.ts";
import { installationOf } from "../../../adapters/slack/wire/event.ts";
import { appMention, deletion, edit, envelope, HOME, message } from "./events.ts";

const parse = (event: Record<string, unknown>) => parseEvent(envelope(event), HOME);
const addressed = (event: Record<string, unknown>) => {
  const happening = parse(event);
  return happening?.kind === "message" ? happening.addressed : happening;
};

const THREAD = { thread_ts: "1773327000.000100", parent_user_id: "U0BOB" };
const IM = { channel: "D0ADA", channel_type: "im" };
const GROUP = { channel: "G0GROUP", channel_type: "mpim" };

describe("how a message is addressed", () => {
  it.each([
    ["a mention", message("<@U0PARLEY> hi"), "mention"],
    ["its other copy", appMention("<@U0PARLEY> hi"), "mention"],
    ["a mention with a name in it", message("hi <@U0PARLEY|parley>!"), "mention"],
    ["a mention in a thread", message("<@U0PARLEY> and?", THREAD), "mention"],
    ["a direct message", message("hi", IM), "direct"],
    [
      "a direct message without its channel type",
      message("hi", { channel: "D1", channel_type: undefined }),
      "direct",
    ],
    ["a group message", message("hi", GROUP), "direct"],
    ["a reply in some thread", message("and now?", THREAD), "thread"],
    ["a reply that is also sent to the channel", broadcast("so?"), "thread"],
    ["a message of the channel", message("lunch?"), "channel"],
    ["a reply that opens with somebody else", message("<@U0BOB> you?", THREAD), "none"],
    ["a reply that greets somebody else", message("hey <@U0BOB|bob>, you?", THREAD), "none"],
    ["a reply to everybody", message("<!here> lunch?", THREAD), "none"],
    ["a reply to a group", message("<!subteam^S0OPS|@ops> look", THREAD), "none"],
    ["a group message to somebody else", message("<@U0BOB> you?", GROUP), "none"],
    ["a reply about somebody else", message("what did <@U0BOB> say?", THREAD), "thread"],
    ["two people by name, Parley among them", message("<@U0BOB> <@U0PARLEY> hi"), "mention"],
  ])("%s", (_, event, expected) => {
    expect(addressed(event)).toBe(expected);
  });

  it("finds no mention in code or in an address", () => {
    expect(addressed(message("the token is `<@U0PARLEY>`", THREAD))).toBe("thread");
    expect(addressed(message("```\n<@U0PARLEY>\n```", THREAD))).toBe("thread");
    expect(addressed(message("<mailto:U0PARLEY@x.org|U0PARLEY@x.org>", THREAD))).toBe("thread");
    expect(addressed(message("<@U0PARLEYS> hi"))).toBe("none");
  });

  it("finds a mention between backticks that are not code", () => {
    const elements = [{ type: "user", user_id: "U0PARLEY" }];
    const section = { type: "rich_text_section", elements };
    const blocks = [{ type: "rich_text", elements: [section] }];
    expect(addressed(message("it's ` <@U0PARLEY> ` odd", { blocks }))).toBe("mention");
  });

  it("trusts an app_mention without a mention in its text", () => {
    expect(addressed(appMention("hello"))).toBe("mention");
  });
});

const broadcast = (text: string) =>
  message(text, { ...THREAD, subtype: "thread_broadcast", root: { ts: THREAD.thread_ts } });

describe("which messages count", () => {
  it("reads both copies of a mention as the same message", () => {
    const text = "<@U0PARLEY> hi";
    const { message: a, ...one } = { message: null, ...parse(message(text)) };
    const { message: b, ...other } = { message: null, ...parse(appMention(text)) };
    expect(one).toEqual(other);
    expect(a?.["ts"]).toBe(b?.["ts"]);
  });

  it("takes a message outside a thread as the root of its own thread", () => {
    expect(parse(message("hi", IM))).toMatchObject({ thread: "1773327463.619929" });
    expect(parse(message("hi", THREAD))).toMatchObject({ thread: THREAD.thread_ts });
  });

  it("reads messages with files, and /me messages", () => {
    const files = [{ id: "F1", name: "a.png", mimetype: "image/png", size: 10 }, { no: "id" }];
    const shared = parse(message("", { subtype: "file_share", files }));
    expect(shared).toMatchObject({ kind: "message", message: { files: [{ id: "F1" }] } });
    expect(parse(message("waves", { subtype: "me_message" }))).toMatchObject({ kind: "message" });
  });

  it.each([
    ["its own", { user: "U0PARLEY" }],
    ["another bot's", { bot_id: "B0JIRA", user: undefined, subtype: "bot_message" }],
    ["another bot's with a user", { bot_id: "B0JIRA" }],
    ["a hidden one", { hidden: true }],
    ["somebody who joined", { subtype: "channel_join" }],
    ["a notice of replies", { subtype: "message_replied" }],
    ["Slackbot's", { user: "USLACKBOT" }],
    ["one without an author", { user: undefined }],
    ["one without a time", { ts: undefined }],
  ])("ignores %s", (_, more) => {
    expect(parse(message("<@U0PARLEY> hi", more))).toBeNull();
  });

  it("accepts null and unexpected values in place of text", () => {
    const odd = { thread_ts: null, files: null, blocks: "x", user_team: 5, attachments: {} };
    expect(parse(message("hi", { ...odd, text: null }))).toMatchObject({ kind: "message" });
  });
});

describe("edits and deletions", () => {
  it("gives an edit one id, by the time of the edit", () => {
    expect(parse(edit("one", "<@U0PARLEY> two"))).toMatchObject({
      kind: "edited",
      thread: "1773327463.619929",
      addressed: "mention",
      eventId: "1773327463.619929:1773327470.000100",
    });
  });

  it("ignores changes that no person made", () => {
    expect(parse(edit("see x.org", "see x.org"))).toBeNull();
    expect(parse(edit("a", "b", { bot_id: "B0PARLEY", user: "U0PARLEY" }))).toBeNull();
  });

  it("reads an edit without the previous message", () => {
    const { previous_message: _, ...bare } = edit("", "two");
    expect(parse(bare)).toMatchObject({ kind: "edited" });
  });

  it("finds the thread of a deleted reply", () => {
    expect(parse(deletion(message("hi", THREAD)))).toMatchObject({
      kind: "deleted",
      ts: "1773327463.619929",
      thread: THREAD.thread_ts,
    });
    expect(parse(deletion())).toMatchObject({ thread: "1773327463.619929" });
  });

  it("ignores the deletion of its own messages", () => {
    expect(parse(deletion(message("", { bot_id: "B0PARLEY" })))).toBeNull();
  });

  it("reads a tombstone as a deletion: the root is gone, its thread stays", () => {
    const event = edit("hi", "This message was deleted.", { subtype: "tombstone" });
    expect(parse(event)).toMatchObject({ kind: "deleted", ts: "1773327463.619929" });
  });
});

describe("reactions and Slack's Stop button", () => {
  const reaction = {
    type: "reaction_added",
    user: "U0ADA",
    reaction: "octagonal_sign",
    item: { type: "message", channel: "C0GENERAL", ts: "1.2" },
    item_user: "U0PARLEY",
    event_ts: "9.9",
  };

  it("reads a reaction on one of its messages", () => {
    expect(parse(reaction)).toMatchObject({ kind: "reaction", user: "U0ADA", ts: "1.2" });
    expect(parse({ ...reaction, item_user: "U0BOB" })).toBeNull();
    expect(parse({ ...reaction, user: "U0PARLEY" })).toBeNull();
    expect(parse({ ...reaction, item: { type: "file", file: "F1" } })).toBeNull();
  });

  it("reads Slack's own Stop button", () => {
    const stop = { type: "agent_session_stopped", channel: "D1", thread_ts: "1.2", user: "U0ADA" };
    expect(parse({ ...stop, streaming_message_ts: [] })).toMatchObject({
      kind: "stop",
      thread: "1.2",
    });
  });
});

describe("the installation an event belongs to", () => {
  const shared = { ...envelope(message("hi")), team_id: "T0OTHER" };

  it("is the authorised one, not the team that the event of a shared channel names", () => {
    expect(installationOf(shared)).toEqual({ team: "T0HOME" });
    expect(installationOf({ ...shared, authorizations: [] })).toEqual({ team: "T0HOME" });
  });

  it("is the workspace within an organisation", () => {
    const authorizations = [{ team_id: undefined, enterprise_id: "E0ORG" }];
    expect(installationOf({ ...shared, authorizations })).toEqual({
      team: "T0HOME",
      enterprise: "E0ORG",
    });
  });
});
