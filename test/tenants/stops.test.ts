import { expect, test } from "vitest";
import { parseBudgetSetting } from "../../src/budgets/parse-budget-setting.ts";
import { formatConversationId } from "../../src/ids.ts";
import { openRoom, teamOf } from "../support/parley-room.ts";

test("turns that one workspace stops do not use up the installation's budget for the others", async () => {
  // A turn is estimated at 4,000 tokens, and what a stopped one has sent is 1,200: five whole turns would not fit.
  const limits = parseBudgetSetting("12ktokens/day");
  const room = await openRoom(teamOf(["ann"]), { isMany: true, limits });
  room.models.hold(({ kind }) => kind === "answer");
  for (const turns of [1, 2, 3, 4, 5]) {
    await room.say(`Question ${turns}?`);
    await room.until(() => expect(room.models.asked).toHaveLength(turns));
    await room.command("stop");
    await room.quiet();
  }
  room.models.openAll();
  const elsewhere = { platform: "test", space: "T2", channel: "C2", thread: "1" };
  await room.say("And here?", { conversation: formatConversationId(elsewhere) });
  await room.quiet();
  expect(room.posted("note")).toEqual([]);
  expect(room.posted("final")).toHaveLength(1);
});
