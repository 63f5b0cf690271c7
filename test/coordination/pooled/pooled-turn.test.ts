import { describe, expect, it } from "vitest";
import { fold } from "../../../src/coordination/advance.ts";
import { elect } from "../../../src/coordination/tally.ts";
import { TurnEvent } from "../../../src/coordination/turn-event.ts";
import { setTable, started, type Table } from "../table.ts";

const pooled = (agents: number, limits = {}) =>
  setTable(started(agents, { tally: "pooled", limits: { revisions_per_agent: 0, ...limits } }));

const reviewers = (table: Table) =>
  table
    .open()
    .map(({ move }) => String(move.agent))
    .toSorted();

async function claims(table: Table, given: Readonly<Record<string, string>>): Promise<void> {
  for (const [agent, claim] of Object.entries(given)) await table.claim(agent, claim);
}

describe("where all answers claim the same", () => {
  it("asks one reviewer to choose the text, and posts what it puts first", async () => {
    const table = await pooled(4);
    await claims(table, { ada: "42", ben: "42.0", cleo: " 42. ", dov: "**42**" });
    const [checker = "", ...others] = reviewers(table);
    expect(others).toEqual([]);
    const [best = "", ...rest] = ["ada", "ben", "cleo", "dov"].filter((id) => id !== checker);
    await table.vote(checker, { [best]: 9, ...Object.fromEntries(rest.map((id) => [id, 5])) });
    expect(table.last("turn_closed")).toMatchObject({
      closedBy: "settled",
      revision: `${best}.1`,
      decidedBy: "agreement",
    });
    expect(table.calls).toHaveLength(5);
  });

  it("does not let the reviewer choose its own text alone", async () => {
    const table = await pooled(3);
    await claims(table, { ada: "42", ben: "42", cleo: "42" });
    const [checker = ""] = reviewers(table);
    await table.vote(checker, { ada: 1, ben: 1, cleo: 1, [checker]: 10 });
    expect(table.last("turn_closed").revision).not.toBe(`${checker}.1`);
  });

  it("asks another one when the first says nothing", async () => {
    const table = await pooled(3);
    await claims(table, { ada: "42", ben: "42", cleo: "42" });
    const [first = ""] = reviewers(table);
    await table.end(first, { kind: "abstained", reason: "unsure", usage: table.state().spent });
    const [second = ""] = reviewers(table);
    expect([second === "", second === first]).toEqual([false, false]);
  });

  it("asks everybody once the reviewer comes to something else", async () => {
    const table = await pooled(3, { revisions_per_agent: 1 });
    await claims(table, { ada: "42", ben: "42", cleo: "42" });
    const [checker = ""] = reviewers(table);
    await table.answer(checker, "It is 43.", {}, "43");
    expect(reviewers(table)).toEqual(["ada", "ben", "cleo"].filter((id) => id !== checker));
  });

  it("asks everybody about a message that steered the turn", async () => {
    const table = await pooled(3);
    await claims(table, { ada: "42", ben: "42", cleo: "42" });
    await table.steer("In base 16!");
    expect(reviewers(table)).toEqual(["ada", "ben", "cleo"]);
  });
});

it("counts no two open claims, and no missing ones, as equal", async () => {
  const table = await pooled(3);
  await claims(table, { ada: "open", ben: "Open." });
  await table.answer("cleo");
  expect(reviewers(table)).toEqual(["ada", "ben", "cleo"]);
});

it("lets two answers with one result win over a single one that every reviewer scores higher than either", async () => {
  const table = await pooled(4, { rounds: 1 });
  await claims(table, { ada: "7", ben: "7", cleo: "8", dov: "9" });
  for (const reviewer of ["ada", "ben", "cleo"]) {
    await table.vote(reviewer, { ada: 7, ben: 7, cleo: 7.05, dov: 2 });
  }
  await table.vote("dov", { ada: 7, ben: 7, cleo: 7.05, dov: 2 });
  expect(table.last("turn_closed")).toMatchObject({ revision: "ada.1", decidedBy: "tally" });
});

it("puts answers together that most reviewers call the same", async () => {
  const table = await pooled(3, { rounds: 1 });
  await claims(table, { ada: "seven", ben: "7", cleo: "8" });
  const same = (labelled: Table) =>
    labelled.state().agents.flatMap(({ id, label }) => (id === "cleo" ? [] : [label]));
  for (const reviewer of ["ada", "ben", "cleo"]) {
    const [label = "", sameAs = ""] = same(table);
    const scores = table.state().agents.map((agent) => ({
      label: agent.label,
      score: agent.id === "cleo" ? 6.05 : 6,
    }));
    const pair = reviewer === "cleo" ? {} : { same: [{ label, sameAs }] };
    await table.end(reviewer, {
      kind: "voted",
      scores,
      reason: "",
      ...pair,
      usage: table.state().spent,
    });
  }
  expect(table.last("turn_closed").revision).toBe("ada.1");
});

describe("where the best two results are close", () => {
  const close = { ada: 6, ben: 6.5, cleo: 2 };

  it("has everybody read again, in another order and without a chance to revise, at most twice", async () => {
    const table = await pooled(3, { revisions_per_agent: 1 });
    await claims(table, { ada: "7", ben: "8", cleo: "9" });
    const orders: string[] = [];
    for (const round of [1, 2, 3]) {
      expect(reviewers(table)).toEqual(["ada", "ben", "cleo"]);
      orders.push(
        table
          .of("cleo")
          .move.shown.map(({ revision }) => revision)
          .join(" "),
      );
      expect(table.of("cleo").move.mayRevise).toBe(round === 1);
      for (const reviewer of ["ada", "ben", "cleo"]) await table.vote(reviewer, close);
    }
    expect(orders.slice(0, 2)).toEqual(["ada.1 ben.1 cleo.1", "ben.1 ada.1 cleo.1"]);
    expect(table.events.filter(({ type }) => type === "reread_called")).toHaveLength(2);
    expect(table.last("turn_closed")).toMatchObject({ closedBy: "settled", revision: "ben.1" });
    expect(table.calls).toHaveLength(12);
  });

  it("counts the mean of a reviewer's reads", async () => {
    const table = await pooled(3);
    await claims(table, { ada: "7", ben: "8", cleo: "9" });
    for (const reviewer of ["ada", "ben", "cleo"]) await table.vote(reviewer, close);
    for (const reviewer of ["ada", "ben", "cleo"]) {
      await table.vote(reviewer, { ada: 10, ben: 3, cleo: 2 });
    }
    expect(table.last("turn_closed")).toMatchObject({ closedBy: "settled", revision: "ada.1" });
  });

  it("reads no more than rounds allow", async () => {
    const table = await pooled(3, { rounds: 1 });
    await claims(table, { ada: "7", ben: "8", cleo: "9" });
    for (const reviewer of ["ada", "ben", "cleo"]) await table.vote(reviewer, close);
    expect(table.last("turn_closed")).toMatchObject({ closedBy: "settled", limit: null });
  });

  it("begins the reading anew after a process has died in the middle of it", async () => {
    const table = await pooled(3);
    await claims(table, { ada: "7", ben: "8", cleo: "9" });
    for (const reviewer of ["ada", "ben", "cleo"]) await table.vote(reviewer, close);
    await table.vote("ada", close);
    const [first] = table.events;
    if (first?.type !== "turn_started") throw new Error("no start");
    const resumed = await setTable(first, { before: table.events });
    expect(reviewers(resumed)).toEqual(["ben", "cleo"]);
  });
});

it("closes before the last ballot when the result is decided and clear", async () => {
  const table = await pooled(4);
  await claims(table, { ada: "7", ben: "7", cleo: "8", dov: "9" });
  for (const reviewer of ["ada", "ben", "cleo"]) {
    await table.vote(reviewer, { ada: 10, ben: 10, cleo: 2, dov: 0 });
  }
  expect(table.last("turn_closed")).toMatchObject({ closedBy: "bound", revision: "ada.1" });
});

it("counts a person's choice as one bounded ballot", async () => {
  const table = await pooled(3, { rounds: 1 });
  await claims(table, { ada: "7", ben: "8", cleo: "9" });
  table.prefer("Kim", "ada");
  for (const reviewer of ["ada", "ben", "cleo"]) {
    await table.vote(reviewer, { ada: 5, ben: 5.5, cleo: 5 });
  }
  expect(table.last("turn_closed").revision).toBe("ada.1");
});

it("reads a journal without a tally as the mean of the scores", async () => {
  const table = await setTable(started(3, { tally: "scores" }));
  for (const agent of ["ada", "ben", "cleo"]) await table.answer(agent);
  for (const agent of ["ada", "ben", "cleo"])
    await table.vote(agent, { ada: 2, ben: 9, cleo: 9.5 });
  const old = table.events.map((event) => {
    const stored: unknown = JSON.parse(JSON.stringify(event));
    if (event.type === "turn_started") {
      const { tally: _tally, ballot: _ballot, scoreboard: _scoreboard, ...policy } = event.policy;
      return TurnEvent.parse({ ...event, policy });
    }
    return TurnEvent.parse(stored);
  });
  expect(fold(old)).toEqual(table.state());
  expect(elect(fold(old))?.revision).toBe("cleo.1");
});
