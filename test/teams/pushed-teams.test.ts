import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { pushedTeamsOf } from "../../src/parley/open-parley.ts";
import { openStore } from "../../src/store/store.ts";
import { createPushedTeams, PushError } from "../../src/teams/pushed-teams.ts";
import { createTeamBook, type TeamBookOptions } from "../../src/teams/team-book.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { ALL_KEYS, DUO } from "./files/read.ts";
import { PATIENCE } from "../support/patience.ts";

const TRIO = `${DUO}  - id: gemini
    backend: { type: gemini, model: gemini-3.8-flash }
`;

/** A store, what is pushed into it, and the team books of its processes. */
async function openShelf() {
  const store = await openStore({ dir: ":memory:", pid: 1, now: () => 7 });
  onTestFinished(() => store.close());
  const pushed = createPushedTeams(store.bindings, () => 7);
  const dirs = [await temporaryFolder(), await temporaryFolder()];
  const book = async (options: Partial<TeamBookOptions> = {}) => {
    const on = { dirs, env: ALL_KEYS, clock: systemClock, watch: null };
    const opened = await createTeamBook({ ...on, pushed: pushedTeamsOf(store), ...options });
    onTestFinished(() => opened.close());
    return {
      ...opened,
      agents: (name: string) => opened.get(name)?.agents.length,
      see: (name: string, count: number | undefined) =>
        vi.waitFor(() => expect(opened.get(name)?.agents.length).toBe(count), PATIENCE),
    };
  };
  const write = (folder: 0 | 1, text: string) =>
    writeFile(join(dirs[folder] ?? "", "duo.yaml"), text);
  return { store, pushed, book, write };
}

test("a pushed file appears in every process by itself, and disappears when it is removed", async () => {
  const { pushed, book } = await openShelf();
  const books = [await book(), await book()];
  expect(await pushed.put("duo", DUO, "cli:ada")).toEqual({ same: false, version: 1 });
  for (const each of books) await each.see("duo", 2);
  await pushed.put("duo", TRIO, "cli:ada");
  for (const each of books) await each.see("duo", 3);
  await pushed.put("duo", null, "cli:bob");
  for (const each of books) await each.see("duo", undefined);
});

test("it overrides the shipped file of its name, and the process's own folder overrides both", async () => {
  const { pushed, book, write } = await openShelf();
  await write(0, DUO);
  await pushed.put("duo", TRIO, "cli:ada");
  const here = await book();
  expect(here.agents("duo")).toBe(3);
  expect(here.list()[0]).toMatchObject({ file: "database:duo.yaml", pushed: { version: 1 } });
  await write(1, DUO);
  await here.reload();
  expect(here.agents("duo")).toBe(2);
  expect(here.list()[0]?.pushed).toBeUndefined();
});

test("every version is kept, with its author and time", async () => {
  const { pushed } = await openShelf();
  await pushed.put("duo", DUO, "cli:ada");
  expect(await pushed.put("duo", DUO, "cli:bob")).toEqual({ same: true, version: 1 });
  await pushed.put("duo", null, "cli:bob");
  expect(await pushed.put("duo", TRIO, "cli:ada")).toEqual({ same: false, version: 3 });
  expect(await pushed.history("duo")).toEqual([
    { version: 3, by: "cli:ada", at: 7, text: TRIO },
    { version: 2, by: "cli:bob", at: 7, text: null },
    { version: 1, by: "cli:ada", at: 7, text: DUO },
  ]);
});

test("of two simultaneous pushes, one is refused", async () => {
  const { pushed } = await openShelf();
  const both = await Promise.allSettled([
    pushed.put("duo", DUO, "cli:ada"),
    pushed.put("duo", TRIO, "cli:bob"),
  ]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(both.find(({ status }) => status === "rejected")).toMatchObject({
    reason: expect.any(PushError),
  });
});

test("a broken file keeps the last good version in use, and a failing store removes no team", async () => {
  const { store, pushed, book } = await openShelf();
  const told: string[] = [];
  const list = vi.fn(() => pushed.list());
  const here = await book({
    pushed: { ...pushedTeamsOf(store), list },
    onProblem: ({ file, line, message }) => told.push(`${file}:${line}: ${message}`),
  });
  await pushed.put("duo", DUO, "cli:ada");
  await here.see("duo", 2);
  await pushed.put("duo", DUO.replace("agents:", "agentz:"), "cli:ada");
  await vi.waitFor(
    () => expect(told.join()).toMatch(/^database:duo.yaml:\d+: unknown key "agentz"/),
    PATIENCE,
  );
  expect(here.agents("duo")).toBe(2);
  list.mockRejectedValueOnce(new Error("locked"));
  const { removed, problems } = await here.reload();
  expect(removed).toEqual([]);
  expect(problems.map(({ message }) => message).join()).toContain("cannot be read: locked");
  expect(here.agents("duo")).toBe(2);
});
