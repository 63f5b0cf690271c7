import { expect, test } from "vitest";
import { turnId } from "../contracts/store-bench.ts";
import type { TrackBoard } from "../../src/track-records/turn-record.ts";
import { ConversationId } from "../../src/ids.ts";
import { openRoom } from "./room.ts";

const board: TrackBoard = {
  turns: 42,
  models: [
    {
      model: "openai:gpt-6-sol",
      turns: 42,
      telling: 17,
      posted: 30,
      ups: 4,
      downs: 1,
      level: 1.4,
      half: 0.52,
    },
    {
      model: "gemini:gemini-3.8-flash",
      turns: 40,
      telling: 17,
      posted: 10,
      ups: 0,
      downs: 0,
      level: 0.5,
      half: 0.44,
    },
    {
      model: "compatible:qwen3:8b",
      turns: 2,
      telling: 0,
      posted: 0,
      ups: 0,
      downs: 0,
      level: null,
      half: null,
    },
  ],
};

/** A space that has learned something; another one has not. */
async function openKnowing() {
  const room = await openRoom();
  const conversation = ConversationId.parse("slack:T1:C1:17.5");
  await room.store.trackRecords.add(turnId("a"), conversation, {
    results: [],
    posted: null,
    reads: [],
  });
  const space = { platform: "slack", space: "T1" };
  await room.store.trackRecords.keep(space, board, { first: turnId("a"), last: turnId("a") });
  return room;
}

test("`stats models` shows each model's turns, ability with its interval, posted results and marks", async () => {
  const { hear } = await openKnowing();
  expect(await hear("stats models")).toMatchInlineSnapshot(`
    "Models in this space
    From the last 42 team turns of this space.
    **Ability** says how much more (+) or less (−) often a model is right than the others here, where some agree and others do not: +0.7 doubles its odds. The second figure is half of the 95 % interval.
    Nobody knows which answers were right: Parley infers it from who agrees with whom, the reviews, and 👍 and 👎. A model without a figure has no turn that tells.
    Model | Turns | of them telling | Ability | Its result was posted | 👍 / 👎
    openai:gpt-6-sol | 42 | 17 | +0.4 ± 0.5 | 71 % | 4 / 1
    gemini:gemini-3.8-flash | 40 | 17 | −0.4 ± 0.4 | 25 % | 0 / 0
    compatible:qwen3:8b | 2 | 0 | – | 0 % | 0 / 0"
  `);
});

test("`stats models` says so where nothing is known yet", async () => {
  const { hear, say } = await openRoom();
  expect(await hear("stats models")).toContain("Nothing is known yet.");
  expect(await say("stats models")).toMatchObject({ visibleTo: "asker", ok: true });
});

test("`stats models reset` says first what it would forget, and then forgets it for all to see", async () => {
  const { hear, say } = await openKnowing();
  expect(await hear("stats models reset", "admin")).toMatchInlineSnapshot(`
    "Nothing was reset yet
    Parley would forget what 42 turns taught it about the models of this space. This cannot be undone. Answers and marks stay.
    \`stats models reset yes\` does it."
  `);
  expect(await hear("stats models")).toContain("gpt-6-sol");
  const done = await say("stats models reset yes", "admin");
  expect(done).toMatchObject({ visibleTo: "everyone", ok: true });
  expect(await hear("stats models")).toContain("Nothing is known yet.");
});

test("only an admin resets what is known of the models", async () => {
  const { hear } = await openKnowing();
  expect(await hear("stats models reset yes", "operator")).toContain("is for admins");
  expect(await hear("stats models")).toContain("gpt-6-sol");
});

test("a mistyped stats command is answered with the right one", async () => {
  const { hear } = await openRoom();
  expect(await hear("stats teams")).toBe("There is no command “stats teams”.\nTry `stats models`.");
  expect(await hear("stats models restet", "admin")).toContain("Try `stats models`");
});
