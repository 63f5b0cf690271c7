import { expect, it } from "vitest";
import { backfill } from "../../../adapters/slack/intake/backfill.ts";
import { metadataOf } from "../../../adapters/slack/post/own-messages.ts";
import { EventEnvelope } from "../../../adapters/slack/wire/event.ts";
import type { Workspace } from "../../../adapters/slack/workspaces.ts";
import { TurnId } from "../../../src/ids.ts";
import { PlatformError } from "../../../src/platform.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { HOME } from "./events.ts";
import { recordingClients } from "./recording-clients.ts";

const SINCE = 1_773_327_000_000;
const at = (seconds: number) => `${1_773_327_000 + seconds}.000100`;
const said = (seconds: number, more: object = {}) => ({
  ts: at(seconds),
  user: "U0ADA",
  text: "hi",
  ...more,
});
/** A turn that began so many seconds after SINCE. */
const turnAt = (seconds: number) => {
  const hex = (SINCE + seconds * 1_000).toString(16).padStart(12, "0");
  return TurnId.parse(`${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`);
};
const answer = (seconds: number, turn: TurnId) =>
  said(seconds, { user: HOME.botUser, metadata: metadataOf({ turn, kind: "final", chunk: 0 }) });

async function missed(
  roots: readonly object[],
  replies: readonly object[] = [],
  knows = async () => false,
) {
  const { clients, calls } = recordingClients((method) => {
    if (method === "users.conversations") return { channels: [{ id: "D1", is_im: true }] };
    if (method === "conversations.history") return { messages: roots };
    return { messages: replies };
  });
  const found: unknown[] = [];
  const workspaces = { open: async () => {}, of: async () => HOME, all: async () => [HOME] };
  const take = async (body: unknown) => void found.push(body);
  const untaken = async <M>(messages: readonly M[]) => messages;
  const onProblem = (problem: unknown) => expect.fail(String(problem));
  const ports = { workspaces, clients, clock: createFakeClock(), take, knows, untaken, onProblem };
  const searches = await backfill(ports, SINCE, new AbortController().signal);
  await Promise.all(searches.values());
  return { found, calls };
}

it("handles fresh messages, oldest first, as if Slack had sent them", async () => {
  const { found } = await missed([said(30), said(20), said(-5)]);
  expect(found).toMatchObject([
    { type: "event_callback", team_id: HOME.team, event: { ts: at(20), channel_type: "im" } },
    { event: { ts: at(30), channel: "D1", type: "message" } },
  ]);
});

it("finds fresh replies in older threads", async () => {
  const root = said(-900, { reply_count: 1, latest_reply: at(40) });
  const { found } = await missed([root], [root, said(40, { thread_ts: at(-900) })]);
  expect(found).toMatchObject([{ event: { ts: at(40), thread_ts: at(-900) } }]);
});

it("does not read threads without new replies", async () => {
  const { calls } = await missed([said(-900, { reply_count: 9, latest_reply: at(-800) })]);
  expect(calls.map(([method]) => method)).not.toContain("conversations.replies");
});

it("skips what a turn knew, even if its claim was lost", async () => {
  const root = said(10, { reply_count: 3, latest_reply: at(50) });
  const later = said(45, { thread_ts: at(10) });
  const { found } = await missed([root], [root, answer(40, turnAt(11)), later]);
  expect(found).toMatchObject([{ event: { ts: at(45) } }]);
});

it("handles a message from before a known turn, since only a claim says whether it was handled", async () => {
  const root = said(10, { reply_count: 3, latest_reply: at(40) });
  const between = said(35, { thread_ts: at(10) });
  const thread = [root, between, answer(40, turnAt(38))];
  expect((await missed([root], thread)).found).toEqual([]);
  const { found } = await missed([root], thread, async () => true);
  expect(found).toContainEqual(
    expect.objectContaining({ event: expect.objectContaining({ ts: at(35) }) }),
  );
});

it("searches every workspace at its own pace: rate-limited workspaces do not delay others, however many there are", async () => {
  const clock = createFakeClock();
  const limited = new PlatformError("rate_limited", "Slack limits it.", { retryAfterMs: 40_000 });
  const found: string[] = [];
  const asked = new Map<string, number>();
  const all = Array.from({ length: 30 }, (_, n) => ({ ...HOME, team: `T${n}` }));
  const isLimited = (team: string) => Number(team.slice(1)) < 20;
  const ports = {
    workspaces: { all: async () => all },
    clients: ({ team }: Workspace) => {
      const { clients } = recordingClients((method) => {
        const calls = (asked.get(team) ?? 0) + 1;
        asked.set(team, calls);
        if (isLimited(team) && calls === 1) throw limited;
        if (method === "users.conversations") return { channels: [{ id: "D1", is_im: true }] };
        return { messages: [said(10)] };
      });
      return clients();
    },
    clock,
    take: async (body: unknown) => void found.push(EventEnvelope.parse(body).team_id ?? ""),
    knows: async () => false,
    untaken: async <M>(messages: readonly M[]) => messages,
    onProblem: (problem: unknown) => expect.fail(String(problem)),
  };
  const searches = await backfill(ports, SINCE, new AbortController().signal);
  for (const { team } of all) if (!isLimited(team)) await searches.get(team);
  expect(found.toSorted()).toEqual(all.map(({ team }) => team).filter((team) => !isLimited(team)));
  await clock.advance(40_000);
  await Promise.all(searches.values());
  expect(found).toHaveLength(30);
});
