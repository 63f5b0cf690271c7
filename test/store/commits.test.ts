import { expect, test } from "vitest";
import { createCommits, type Work } from "../../src/store/sqlite/commits.ts";

/** Edges that write down what they are asked for. */
function rig({ failing = [] as readonly string[] } = {}) {
  const said: string[] = [];
  const state = { isOpen: false };
  const say = (word: string) => {
    said.push(word);
    if (failing.includes(word)) throw new Error(`${word} failed`);
  };
  const commits = createCommits({
    begin() {
      say("begin");
      state.isOpen = true;
    },
    commit() {
      say("commit");
      state.isOpen = false;
    },
    isOpen: () => state.isOpen,
    rollback() {
      state.isOpen = false;
      say("rollback");
    },
  });
  const write = (name: string, work: Work<string> = () => name) =>
    commits("write", (isShared) => {
      said.push(isShared ? name : `${name} alone`);
      return work(isShared);
    });
  return { said, state, commits, write };
}

const outcomes = async (all: readonly Promise<string>[]) =>
  (await Promise.allSettled(all)).map((one) =>
    one.status === "fulfilled" ? one.value : String(one.reason),
  );

test("a single piece of work is committed by itself", async () => {
  const { said, write } = rig();
  expect(await write("a")).toBe("a");
  expect(said).toEqual(["a alone"]);
});

test("queued work shares one commit and is reported only after it", async () => {
  const { said, write } = rig();
  const told: string[] = [];
  const all = ["a", "b", "c"].map(async (name) => told.push(await write(name)));
  await Promise.all(all);
  expect([said, told]).toEqual([
    ["begin", "a", "b", "c", "commit"],
    ["a", "b", "c"],
  ]);
});

test("a failure affects only its caller", async () => {
  const { said, write } = rig();
  const no = () => Promise.reject(new Error("no"));
  expect(await outcomes([write("a"), write("b", no), write("c")])).toEqual(["a", "Error: no", "c"]);
  expect(said.at(-1)).toBe("commit");
});

test("if the commit fails, no caller sees success", async () => {
  const { said, write } = rig({ failing: ["commit"] });
  const failed = "Error: commit failed";
  expect(await outcomes([write("a"), write("b")])).toEqual([failed, failed]);
  expect(said.slice(-2)).toEqual(["commit", "rollback"]);
  expect(await write("c")).toBe("c");
});

test("if the database rolls back, all callers get the reason", async () => {
  const { state, write } = rig();
  const full = () => {
    state.isOpen = false;
    throw new Error("the disk is full");
  };
  const why = "Error: the disk is full";
  expect(await outcomes([write("a"), write("b", full), write("c")])).toEqual([why, why, why]);
});

test("reads do not wait for a commit, and exclusive work runs alone", async () => {
  const { said, commits, write } = rig();
  const read = () => commits("read", (isShared) => said.push(`read ${isShared}`));
  const close = commits("alone", (isShared) => said.push(`close ${isShared}`));
  await Promise.all([read(), write("a"), read(), write("b"), close]);
  expect(said).toEqual(["close false", "read false", "begin", "a", "read true", "b", "commit"]);
});

test("the event loop runs other work between commits", async () => {
  const { write } = rig();
  let turns = 0;
  let next = setImmediate(() => {});
  const count = () => {
    turns++;
    next = setImmediate(count);
  };
  count();
  for (let n = 0; n < 200; n++) await write(`${n}`);
  clearImmediate(next);
  expect(turns).toBeGreaterThan(10);
});
