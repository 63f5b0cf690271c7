import { expect, test } from "vitest";
import { parseBudgetSetting } from "../../src/budgets/parse-budget-setting.ts";
import { openRoom as openCommands, textOf } from "../commands/room.ts";
import { openRoom, teamOf } from "../support/parley-room.ts";

const LEVELS = ["everyone", "operator", "admin"] as const;

const rowOf = (text: string, holder: string) =>
  text.split("\n").find((line) => line.includes(`| ${holder} |`));

test("budget show names the operator's limit without its amounts to a tenant, and with them to those who run Parley", async () => {
  const limits = parseBudgetSetting("50usd/day, 9turns/hour --space");
  const { hear } = await openCommands({ limits, isMany: () => true });
  for (const level of LEVELS) {
    const text = await hear("budget show", level);
    expect(rowOf(text, "all of Parley")).toBe(
      "the operator's limit | all of Parley |  |  |  | 00:00 UTC, in 24h00m | the operator",
    );
    expect(text).not.toMatch(/\$50|PARLEY/);
    // What it alone uses is a workspace's own business.
    expect(rowOf(text, "this space")).toMatch(
      /^9 turns an hour \| this space \| 0 turns .* \| the operator$/,
    );
  }
  expect(rowOf(await hear("budget show", "installation"), "all of Parley")).toBe(
    "$50.00 a day | all of Parley | $0 |  | $50.00 | 00:00 UTC, in 24h00m | PARLEY_BUDGET",
  );
});

test("in a single workspace everybody sees what is left, and only its admins see variables", async () => {
  const { hear } = await openCommands({ limits: parseBudgetSetting("50usd/day") });
  expect(rowOf(await hear("budget show"), "all of Parley")).toBe(
    "$50.00 a day | all of Parley | $0 |  | $50.00 | 00:00 UTC, in 24h00m | the operator",
  );
});

const TURN = parseBudgetSetting("1turn/day");

test("a refusal tells a tenant nothing about others' usage", async () => {
  const room = await openRoom(undefined, { isMany: true, limits: TURN });
  await room.say("One?");
  await room.quiet();
  await room.say("Two?");
  expect(room.posted("note")).toEqual([
    "Not answered. The operator's limit is reached. The limit frees up at 00:00 UTC, in 24h00m.\nOnly whoever runs Parley can raise it.",
  ]);
  expect(textOf(await room.command("retry", { level: "admin" }))).toBe(
    "Not answered\nThe operator's limit is reached. The limit frees up at 00:00 UTC, in 24h00m.\nOnly whoever runs Parley can raise it.",
  );
  expect(await room.command("budget show", { level: "admin" }).then(textOf)).toMatch(
    /the operator's limit \| all of Parley \| {2}\| {2}\| nothing \|/,
  );
});

test("a turn that never fits says so without amounts", async () => {
  const limits = parseBudgetSetting("10tokens/day");
  const room = await openRoom(undefined, { isMany: true, limits });
  await room.say("One?");
  expect(room.posted("note")).toEqual([
    "Not answered. One turn of default does not fit the operator's limit: waiting does not help. A smaller team may fit (`!ask --team TEAM QUESTION`).\nOnly whoever runs Parley can raise it.",
  ]);
});

test("only the people who run Parley see everything", async () => {
  const admins = [{ platform: "test", space: null, id: "ada" }];
  const room = await openRoom(teamOf(["ann"]), { isMany: true, limits: TURN, admins });
  await room.say("One?");
  await room.quiet();
  await room.say("Two?");
  expect(room.posted("note")).toEqual([
    expect.stringMatching(
      /^Not answered\. The limit for all of Parley is 1 turn a day, and 1 turn was taken\./,
    ),
  ]);
  expect(room.whispered()).toEqual(room.posted("note"));
  expect(textOf(await room.command("retry"))).toContain("all of Parley is 1 turn a day");
});
