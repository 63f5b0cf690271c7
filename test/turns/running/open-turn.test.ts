import { expect, test } from "vitest";
import { fold } from "../../../src/coordination/advance.ts";
import { ConversationId } from "../../../src/ids.ts";
import type { StatusView } from "../../../src/progress/status-view.ts";
import { createOpenTurn, type TurnListener } from "../../../src/turns/running/open-turn.ts";
import { started } from "../../coordination/table.ts";

test("thousands of pieces of a stream that come at once make one view", async () => {
  const views: StatusView[] = [];
  let listener: TurnListener | undefined;
  const state = fold([started(["ann"])]);
  createOpenTurn({
    turn: state.turn,
    conversation: ConversationId.parse("slack:T1:C1:1.1"),
    start(given) {
      listener = given;
      const done = Promise.resolve(state);
      const nothing = () => {};
      return {
        done,
        state: () => state,
        stop: nothing,
        steer: nothing,
        abandon: nothing,
        prefer: nothing,
      };
    },
    runningTime: () => 0,
    show: (view) => views.push(view),
  });
  for (let n = 0; n < 5_000; n++) listener?.onDelta({ text: String(n % 10), reset: false });
  await new Promise((resolve) => setImmediate(resolve));
  expect(views.map(({ preview }) => preview)).toEqual(["0123456789".repeat(500)]);
});
