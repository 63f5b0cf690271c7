import { describe, expect, it } from "vitest";
import { createFileHosts } from "../../../adapters/slack/threads/attached-files.ts";
import { createCommands } from "../../../adapters/slack/intake/run-command.ts";
import { takeEvent, type TakeEventPorts } from "../../../adapters/slack/intake/take-event.ts";
import { createPeople } from "../../../adapters/slack/people/people.ts";
import { conversationOf } from "../../../adapters/slack/place.ts";
import { createBlockFallback } from "../../../adapters/slack/post/block-fallback.ts";
import { createPostedMessages, metadataOf } from "../../../adapters/slack/post/own-messages.ts";
import { createLiveThreads } from "../../../adapters/slack/threads/live-threads.ts";
import { createKeyedQueue } from "../../../src/adapter-kit/queue/keyed-queue.ts";
import { TurnId } from "../../../src/ids.ts";
import type { Intake } from "../../../src/platform.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { deletion, edit, envelope, HOME, message } from "./events.ts";
import { type Answer, recordingClients } from "./recording-clients.ts";

const ADA = { user: { real_name: "Ada", is_admin: false } };
const TURN = TurnId.parse("turn-1");

function rig(answer: Answer = () => ADA, more: Partial<TakeEventPorts> = {}) {
  const told: unknown[] = [];
  const tell =
    (kind: string) =>
    async (...args: unknown[]) =>
      void told.push([kind, ...args]);
  const reply = { title: "No", blocks: [], visibleTo: "asker", ok: false } as const;
  const intake: Intake = {
    message: tell("message"),
    edited: tell("edited"),
    deleted: tell("deleted"),
    replaced: tell("replaced"),
    claim: async () => true,
    feedback: async () => ({ outcome: "unknown" }),
    async command(command) {
      told.push(["command", command]);
      return reply;
    },
  };
  const clock = createFakeClock();
  const { calls, clients } = recordingClients(answer);
  const known = {
    people: createPeople({ clients, clock, onProblem() {} }),
    rightsOf: async () => ({ level: "operator", groups: ["S0OPS"] }) as const,
    audience: { external: "answer", guests: "answer" } as const,
    clock,
    ...more,
  };
  const onProblem = (problem: unknown) => expect.fail(String(problem));
  const ports: TakeEventPorts = {
    ...known,
    commands: createCommands({
      ...known,
      clients,
      intake: { get: () => intake },
      blocks: createBlockFallback({ clock, onProblem }),
      onProblem,
    }),
    workspaceOfEvent: async () => HOME,
    hosts: createFileHosts("https://slack.com/api/", []),
    posted: createPostedMessages(),
    live: createLiveThreads(clock),
    queue: createKeyedQueue(),
    onStopped: (conversation) => void told.push(["stopped", conversation]),
    clients,
    wallClock: () => 0,
    ...more,
  };
  return {
    take: (event: object) => takeEvent(ports, intake, envelope({ ...event }), true),
    told,
    calls,
    clock,
    ports,
    intake,
  };
}

const conversation = conversationOf({
  team: HOME.team,
  channel: "C0GENERAL",
  thread: "1773327463.619929",
});

describe("events", () => {
  it("become messages with the author's name and rights", async () => {
    const { take, told } = rig();
    await take(message("<@U0PARLEY> why?"));
    expect(told).toMatchObject([
      [
        "message",
        {
          id: "1773327463.619929",
          conversation,
          author: { id: "U0ADA", name: "Ada", kind: "person" },
          text: "why?",
          at: 1_773_327_463_619,
          addressed: "mention",
          level: "operator",
          groups: ["S0OPS"],
        },
      ],
    ]);
  });

  it("do not wait for names longer than Slack waits for an acknowledgement", async () => {
    const { take, told, clock } = rig(undefined, {
      people: {
        user: () => new Promise(() => {}),
        channel: () => new Promise(() => {}),
        file: () => new Promise(() => {}),
      },
      rightsOf: () => new Promise(() => {}),
    });
    const taken = take(message("hi", { user_profile: { display_name: "Countess" } }));
    await clock.advance(1_000);
    await taken;
    expect(told).toMatchObject([["message", { author: { name: "Countess" }, level: "everyone" }]]);
  });

  it("become edits and deletions with unique ids", async () => {
    const { take, told } = rig();
    await take(edit("one", "two"));
    await take(deletion(message("two")));
    expect(told).toMatchObject([
      ["edited", { text: "two", conversation }, "1773327463.619929:1773327470.000100"],
      ["deleted", conversation, "1773327463.619929", "1773327463.619929:1773327480.000100"],
    ]);
  });

  it("fail when the store fails, so that Slack sends them again", async () => {
    const { ports, intake } = rig();
    const broken = { ...intake, message: () => Promise.reject(new Error("locked")) };
    await expect(takeEvent(ports, broken, envelope(message("hi")), true)).rejects.toThrow("locked");
  });

  it.each([null, "text", {}, { type: "event_callback" }, { type: "event_callback", event: {} }])(
    "bears %j",
    async (body) => {
      const { ports, intake, told } = rig();
      await takeEvent(ports, intake, body, true);
      expect(told).toEqual([]);
    },
  );
});

describe("guests and people of other organisations", () => {
  const stranger = { user: { real_name: "Eve", team_id: "T0OTHER", is_stranger: true } };
  const guest = { user: { real_name: "Gus", is_restricted: true } };

  it("get groups that access lists can name", async () => {
    const { take, told } = rig(() => stranger);
    await take(message("<@U0PARLEY> hi"));
    expect(told).toMatchObject([
      ["message", { addressed: "mention", groups: ["S0OPS", "external"] }],
    ]);
  });

  it("are ignored where the settings say so", async () => {
    const strangers = rig(() => stranger, { audience: { external: "ignore", guests: "answer" } });
    await strangers.take(message("<@U0PARLEY> hi"));
    const guests = rig(() => guest, { audience: { external: "answer", guests: "ignore" } });
    await guests.take(message("<@U0PARLEY> hi"));
    for (const { told } of [strangers, guests])
      expect(told).toMatchObject([["message", { addressed: "none" }]]);
  });

  it("are recognised by the event where Slack does not answer", async () => {
    const { take, told } = rig(() => "user_not_found");
    await take(message("<@U0PARLEY> hi", { user_team: "T0OTHER" }));
    expect(told).toMatchObject([["message", { groups: ["S0OPS", "external"] }]]);
  });
});

describe("reactions and Slack's Stop button", () => {
  const react = (reaction: string) => ({
    type: "reaction_added",
    user: "U0ADA",
    reaction,
    item: { type: "message", channel: "C0GENERAL", ts: "5.5" },
    item_user: HOME.botUser,
    event_ts: "6.6",
  });
  const own = (kind: "status" | "final") => ({
    messages: [
      { ts: "1773327463.619929", user: "U0ADA" },
      {
        ts: "5.5",
        thread_ts: "1773327463.619929",
        user: HOME.botUser,
        metadata: metadataOf({ turn: TURN, kind, chunk: 0 }),
      },
    ],
  });
  const standing =
    (kind: "status" | "final"): Answer =>
    (method) =>
      method === "conversations.replies" ? own(kind) : ADA;

  it("stop a turn, and retry an answer", async () => {
    const stopping = rig(standing("status"));
    await stopping.take(react("octagonal_sign"));
    const again = rig(standing("final"));
    await again.take(react("repeat"));
    expect([...stopping.told, ...again.told]).toMatchObject([
      [
        "command",
        { conversation, text: "stop of turn-1", person: { name: "Ada" }, level: "operator" },
      ],
      ["command", { conversation, text: "retry of turn-1" }],
    ]);
  });

  it("do nothing on other messages", async () => {
    for (const { take, told } of [rig(standing("final")), rig(() => ({ messages: [] }))]) {
      await take(react("octagonal_sign"));
      await take(react("thumbsup"));
      expect(told).toEqual([]);
    }
  });

  it("show their failure to the person who made them", async () => {
    const { take, calls } = rig(standing("status"));
    await take(react("octagonal_sign"));
    expect(calls.at(-1)).toMatchObject(["chat.postEphemeral", { user: "U0ADA", text: "⚠️ *No*" }]);
  });

  it("stop the turn and clear the typing status", async () => {
    const { take, told } = rig();
    const spot = { channel: "C0GENERAL", thread_ts: "1773327463.619929" };
    await take({ type: "agent_session_stopped", ...spot, user: "U0ADA" });
    expect(told).toMatchObject([
      ["command", { conversation, text: "stop" }],
      ["stopped", conversation],
    ]);
  });
});
