import { expect, test, vi } from "vitest";
import type { StatusView } from "../../src/progress/status-view.ts";
import { AgentId, TurnId } from "../../src/ids.ts";
import { openRoom } from "./room.ts";

const view: StatusView = {
  turn: TurnId.parse("t1"),
  team: "Council",
  phase: "reviewing",
  elapsedMs: 42_000,
  round: 1,
  agents: [
    {
      agent: AgentId.parse("gpt"),
      name: "GPT",
      label: "B",
      status: "voted",
      revision: 2,
      elapsedMs: 3_000,
      tokens: 1_234,
      note: null,
    },
    {
      agent: AgentId.parse("claude"),
      name: "Claude",
      label: null,
      status: "retrying",
      revision: 0,
      elapsedMs: 9_000,
      tokens: 0,
      note: "overloaded",
    },
  ],
  tally: [],
  tokens: 1_234,
  costUsd: null,
  queued: 1,
  waiting: [{ id: "17.9", author: "Bo", excerpt: "and in Rust?" }],
  preview: "",
  isSolo: false,
  answers: 1,
  after: "line",
  isReplaced: false,
  note: "",
};

test("status shows who is doing what", async () => {
  const { hear } = await openRoom({ turns: { status: async () => view } });
  expect(await hear("status")).toMatchInlineSnapshot(`
    "Council: reviewing
    42s, round 1, 1.2k tokens, cost unknown, 1 message waiting
    | Agent | Status | Revision | For | Tokens
    B | GPT | voted | 2 | 3s | 1.2k
    | Claude | retrying: overloaded |  | 9s | 0"
  `);
  expect(await (await openRoom()).hear("status")).toBe(
    "Nothing is running here\nWrite a message to begin.",
  );
});

test("stop tells everyone who stopped the turn, or the asker that nothing runs", async () => {
  const running = await openRoom({ turns: { stop: async () => true } });
  expect(await running.say("stop")).toMatchObject({
    title: "Stopped by Ada",
    visibleTo: "everyone",
  });
  const idle = await openRoom();
  expect(await idle.say("stop")).toMatchObject({
    title: "Nothing is running here",
    visibleTo: "asker",
    ok: false,
  });
});

test.each(["steer", "restart"])("%s tells everyone what no longer waits", async (name) => {
  const asked: unknown[] = [];
  const hurry = async (_asker: unknown, message: string | null) => {
    asked.push(message);
    return { outcome: "done", excerpt: "and in Rust?" } as const;
  };
  const { say } = await openRoom({ turns: { [name]: hurry } });
  expect(await say(`${name} 17.9`)).toMatchObject({ visibleTo: "everyone", ok: true });
  await say(name);
  expect(asked).toEqual(["17.9", null]);
});

test("steer and restart say why a message is not moved", async () => {
  const { hear } = await openRoom();
  expect(await hear("steer")).toContain("Nothing is running here");
  const unknown = async () => ({ outcome: "unknown" }) as const;
  const { hear: ask } = await openRoom({ turns: { restart: unknown } });
  expect(await ask("restart 17.9")).toBe(
    "That message is not queued\nParley has answered it or is answering it now.",
  );
});

test("why and retry may name a turn", async () => {
  const turns: (TurnId | undefined)[] = [];
  const { hear } = await openRoom({
    turns: {
      async get(_conversation, turn) {
        turns.push(turn);
        return null;
      },
      async retry(_asker, team, turn) {
        turns.push(turn);
        return { outcome: team === "council" ? "begun" : "unknown" };
      },
    },
  });
  expect(await hear("why 0190")).toContain("This thread has no such turn.");
  expect(await hear("retry of 0191")).toContain("This thread has no such turn.");
  expect(await hear("retry with council of 0192")).toContain("Answering again with council");
  expect(turns).toEqual(["0190", "0191", "0192"]);
});

test("prefer confirms the vote, or names the answers that stand", async () => {
  const prefer = async (_asker: unknown, answer: string) =>
    answer === "b"
      ? ({ outcome: "counted", label: "B", agent: "Claude" } as const)
      : ({ outcome: "unknown", labels: ["A", "B"] } as const);
  const { hear } = await openRoom({ turns: { prefer } });
  expect(await hear("prefer b")).toBe(
    "Your vote is for B\nThat is Claude's answer. You can change your vote until the turn ends.",
  );
  expect(await hear("prefer z")).toBe("There is no answer “z”\nUse one of `prefer A`, `prefer B`.");
  expect(await (await openRoom()).hear("prefer a")).toBe(
    "Nothing to vote on\nNo turn is running here.",
  );
});

test("retry takes another team, and refuses one that does not exist", async () => {
  const retry = vi.fn(async () => ({ outcome: "begun" }) as const);
  const { hear } = await openRoom({ turns: { retry } });
  expect(await hear("retry with council")).toBe("Answering again with council");
  expect(await hear("retry")).toBe("Answering again");
  expect(await hear("retry with counsil")).toMatch("There is no team “counsil”");
  expect(retry.mock.calls.map((call) => call.at(1))).toEqual(["council", null]);
  expect(await (await openRoom()).hear("retry")).toMatch("Nothing to answer again");
});

test("ask hands the question over, for another team just this once", async () => {
  const ask = vi.fn(async () => ({ outcome: "begun" }) as const);
  const { hear } = await openRoom({ turns: { ask } });
  expect(await hear("ask --team solo Why?")).toBe("Asked solo");
  expect(await hear("!team Why is that so?")).toBe("Asked");
  expect(await hear("ask --team nobody Why?")).toMatch("There is no team “nobody”");
  expect(ask.mock.calls.map((call) => call.at(1))).toEqual([
    { text: "Why?", team: "solo", forceTeam: false },
    { text: "Why is that so?", team: null, forceTeam: true },
  ]);
});

test("ask and retry say which limit forbids an answer", async () => {
  const refuse = async () => ({ outcome: "refused", why: "The limit is reached." }) as const;
  const { hear, say } = await openRoom({ turns: { ask: refuse, retry: refuse } });
  expect(await hear("ask Why?")).toBe("Not answered\nThe limit is reached.");
  expect(await say("retry")).toMatchObject({ ok: false, title: "Not answered" });
});

test("why explains the last turn, if there was one", async () => {
  expect(await (await openRoom()).hear("why")).toBe(
    "Nothing to explain\nParley has not answered anything here yet.",
  );
});

test("A port that fails is not hidden", async () => {
  const { say } = await openRoom({
    turns: { stop: () => Promise.reject(new Error("store gone")) },
  });
  await expect(say("stop")).rejects.toThrow("store gone");
});
