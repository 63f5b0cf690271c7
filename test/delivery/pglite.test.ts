import { expect, test, vi } from "vitest";
import { createStore } from "../../src/store/store.ts";
import { createPgliteDatabases } from "../support/pglite.ts";
import { finalOf, openDelivery } from "./delivery-bench.ts";
import { PATIENCE } from "../support/patience.ts";

const lite = createPgliteDatabases();
const openLite = async () => createStore(await lite.open(), () => 0);

test("on PostgreSQL too, a post whose reply is lost is looked up and adopted, and so is one that the dead process made", async () => {
  const room = await openDelivery(undefined, openLite);
  const { turn, texts, calls, fail, clock, store } = room;
  fail("post", "lost_reply");
  const done = room.delivery.final(turn, finalOf("Yes."));
  await vi.waitFor(() => expect(calls).toEqual(["post final 0"]), PATIENCE);
  // The wait before the look-up begins once the reply is missed.
  await vi.waitFor(async () => {
    await clock.advance(1_000);
    expect(calls).toEqual(["post final 0", "find final 0"]);
  }, PATIENCE);
  await done;
  const posted = await store.deliveries.list(turn.id, "final");
  expect(posted).toMatchObject([{ state: "posted", messageId: "m1" }]);
  await store.db.q("UPDATE deliveries SET state = 'intended', message_id = NULL");
  const again = await room.restart();
  await again.delivery.final(again.turn, finalOf("Yes."));
  expect([texts(), calls.slice(2)]).toEqual([["Yes."], ["find final 0"]]);
  expect(await store.deliveries.list(turn.id, "final")).toEqual(posted);
});
