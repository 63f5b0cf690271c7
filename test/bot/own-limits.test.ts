import { expect, test } from "vitest";
import { keptBack, NOTHING_KEPT_BACK } from "../support/kept-back.ts";
import { openRoom } from "../support/parley-room.ts";

const ROOT = "The code word is heron. Why?";

const PRICED = ["ann", "berta"]
  .map(
    (id) =>
      `  - { id: ${id}, backend: { type: compatible, model: ${id}, base_url: "http://127.0.0.1:9/v1", price: { input: 1, output: 10 } } }`,
  )
  .join("\n");

test("a team's own limit that first answers do not fit is refused before anybody is asked, with the smallest that would do", async () => {
  const room = await openRoom(`agents:\n${PRICED}\nlimits: { max_cost_usd: 0.005 }`);
  await room.say(ROOT);
  expect(room.posted("note")).toEqual([
    "Not answered. A turn of default may use at most $0.0050, and the first answers alone are estimated at $0.011. The smallest limit that would do is `max_cost_usd: 0.011` in the team file. A smaller team may fit (`!ask --team TEAM QUESTION`).",
  ]);
  expect(room.models.asked).toEqual([]);
  expect(await keptBack(room.store)).toEqual(NOTHING_KEPT_BACK);
});

test("the limit that a refusal names is enough for all first answers, and one that the turn really fits into for all of it", async () => {
  const least = await openRoom(`agents:\n${PRICED}\nlimits: { max_cost_usd: 0.011 }`);
  await least.say(ROOT);
  await least.quiet();
  expect(least.posted("final")).toHaveLength(1);
  expect(least.models.asked.length).toBeGreaterThanOrEqual(2);
  const room = await openRoom(`agents:\n${PRICED}\nlimits: { max_cost_usd: 0.02 }`);
  await room.say(ROOT);
  await room.quiet();
  expect(JSON.stringify(room.posted("final"))).not.toMatch(/limit/i);
});
