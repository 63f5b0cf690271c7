import { expect, test } from "vitest";
import type { TurnState } from "../../src/coordination/turn-state.ts";
import { whereTheyDiffer } from "../../src/progress/where-they-differ.ts";
import { whyReply } from "../../src/progress/why-reply.ts";
import { setTable, started } from "../coordination/table.ts";

const pooled = { tally: "pooled", limits: { rounds: 1 } };
const names = (state: TurnState) =>
  whereTheyDiffer(state, {
    author: (id) => state.agents.find((agent) => agent.id === id)?.name ?? id,
    reviewer: (id) => state.agents.find((agent) => agent.id === id)?.name ?? id,
  });

/** A turn in which each agent claims this, and all score as told. */
async function turnOf(
  claims: Readonly<Record<string, string>>,
  scores: Readonly<Record<string, number>>,
  objection?: readonly [by: string, to: string, text: string],
) {
  const agents = Object.keys(claims);
  const t = await setTable(started(agents, pooled));
  for (const [agent, claim] of Object.entries(claims)) await t.claim(agent, claim);
  for (const agent of agents) {
    // A turn may be decided before the last ballot.
    if (!t.open().some(({ move }) => move.agent === agent)) continue;
    const [by, to, text] = objection ?? [];
    const says = by === agent && to && text ? ([to, text] as [string, string]) : undefined;
    await t.vote(agent, scores, says);
  }
  return t.turn.done;
}

test("a team that agrees says on what, and who", async () => {
  const state = await turnOf(
    { ada: "391", ben: "391.0", cleo: "391" },
    { ada: 9, ben: 8, cleo: 7 },
  );
  expect(names(state)).toBe("All three say 391: ada, ben and cleo.");
  const both = await turnOf({ ada: "yes", ben: "Yes." }, { ada: 9, ben: 2 });
  expect(names(both)).toBe("Both say Yes: ada and ben.");
});

test("a team that differs says who says what, and what a reviewer objects to", async () => {
  const state = await turnOf(
    { ada: "391", ben: "391", cleo: "391", dov: "381" },
    { ada: 9, ben: 8, cleo: 8, dov: 2 },
    ["ada", "dov", "“17 × 3 = 41” is 51"],
  );
  const sentence =
    "Three say 391 (ada, ben and cleo), one says 381 (dov). They disagree on this: Ada on dov: “17 × 3 = 41” is 51.";
  expect(names(state)).toBe(sentence);
  const [first] = whyReply(state).blocks;
  expect(first).toMatchObject({ type: "text" });
  expect(JSON.stringify(first)).toContain(`${JSON.stringify(sentence).slice(1, -1)}\\n\\n**ada`);
});

test("without an objection, it quotes what the second result says that the first does not", async () => {
  const state = await turnOf({ ada: "391", ben: "381" }, { ada: 9, ben: 2 });
  expect(names(state)).toBe("One says 391 (ada), one says 381 (ben). Ben: “answer of ben”");
});

test("answers without a single result are named as such", async () => {
  const some = await turnOf({ ada: "391", ben: "391", cleo: "open" }, { ada: 9, ben: 8, cleo: 1 });
  expect(names(some)).toMatch(/^Two say 391 \(ada and ben\), cleo names no single result\. /);
  const none = await turnOf({ ada: "open", ben: "open" }, { ada: 9, ben: 2 });
  expect(names(none)).toMatch(/^Two answers, none of which names a single result\. /);
});

test("a team that does not count equal answers together says nothing of results", async () => {
  const t = await setTable(started(["ada", "ben"], { tally: "scores" }));
  for (const agent of ["ada", "ben"]) await t.answer(agent);
  for (const agent of ["ada", "ben"]) await t.vote(agent, { ada: 9, ben: 2 });
  expect(names(await t.turn.done)).toBe("");
});

test("why lists what checks found: what fails in words, what holds as a count", async () => {
  const findings = [
    { quote: "17 × 23 = 381", verdict: "fails" as const, note: "it is 391" },
    { quote: "17 × 3 = 51", verdict: "holds" as const, note: "" },
  ];
  const t = await setTable(started(["ada", "ben"], pooled), {
    check: async ({ agent }) =>
      agent === "ben" ? [{ check: "arithmetic", findings, more: 0 }] : [],
  });
  await t.claim("ada", "391");
  await t.claim("ben", "381");
  for (const agent of ["ada", "ben"]) await t.vote(agent, { ada: 9, ben: 2 });
  const state = await t.turn.done;
  const text = (extent: "brief" | "full") => JSON.stringify(whyReply(state, extent).blocks);
  expect(text("brief")).toContain(
    "**Checked without a model**\\n- ben's answer, arithmetic: “17 × 23 = 381” is wrong: it is 391\\n- 1 statement holds",
  );
  expect(text("full")).toContain("“17 × 3 = 51” holds");
});
