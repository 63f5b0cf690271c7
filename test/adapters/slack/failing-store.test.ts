import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it, onTestFinished, vi } from "vitest";
import type { Store } from "../../../src/store/store.ts";
import { openStore } from "../../../src/store/store.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { parleyInSlack } from "./parley-in-slack.ts";
import { PATIENCE } from "../../support/patience.ts";

/** The second and third time sooner than the real one. */
const AGAIN = { retryDelaysMs: [0, 20_000, 60_000] };

/** The store in a file, as it is in earnest. */
async function fileStore() {
  const dir = await temporaryFolder();
  const store = await openStore({ dir, pid: process.pid, now: Date.now });
  onTestFinished(() => store.close());
  return { store, path: join(dir, "parley.db") };
}

/** The disk takes no page more, and what room the pages had is used up. */
async function fillDisk({ db }: Store): Promise<void> {
  const [size] = await db.q("PRAGMA page_count");
  await db.q(`PRAGMA max_page_count=${Number(size?.["page_count"])}`);
  const fill = async (insert: string, width: number) => {
    for (let n = 0; n < 10_000; n++) await db.q(insert, [`filler ${width} ${n}`.padEnd(width)]);
  };
  for (const insert of [
    "INSERT INTO claims (key, at) VALUES ($1, 0)",
    "INSERT INTO journal (turn, seq, type, event, at) VALUES ($1, 1, '', '', 0)",
  ])
    for (const width of [800, 80, 8])
      await expect(fill(insert, width)).rejects.toMatchObject({ kind: "full" });
}

const freeDisk = ({ db }: Store) => db.q("PRAGMA max_page_count=1000000");

/** Another program holds the file. */
function lockFile(path: string): () => void {
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  return () => {
    other.exec("ROLLBACK");
    other.close();
  };
}

it.each(["http", "socket"] as const)(
  "by %s, what a full disk cannot take is not acknowledged; Slack sends it again, and it is answered once",
  async (mode) => {
    const {
      join: start,
      slack,
      ada,
      at,
      answered,
      answers,
      problems,
    } = await parleyInSlack({ mode, ...AGAIN });
    const { store } = await fileStore();
    await start(store);
    await fillDisk(store);
    const question = ada.says("C1", `${at} What is 2 + 2?`);
    await vi.waitFor(
      () => expect(problems.join()).toMatch(/cannot grow: the disk is full/),
      PATIENCE,
    );
    expect(answers(question)).toEqual([]);
    await freeDisk(store);
    await answered(question);
    await slack.settled();
    expect(answers(question)).toHaveLength(1);
    expect(slack.workspace.thread("C1", question.ts)).toHaveLength(3);
  },
);

it("an event that a locked file cannot store is not acknowledged; Slack sends it again, and it is answered once", async () => {
  const { join: start, slack, ada, at, answered, answers, problems } = await parleyInSlack(AGAIN);
  const { store, path } = await fileStore();
  await start(store);
  const unlock = lockFile(path);
  const question = ada.says("C1", `${at} What is 2 + 2?`);
  await vi.waitFor(() => expect(problems.join()).toMatch(/is locked by another program/), PATIENCE);
  expect(answers(question)).toEqual([]);
  unlock();
  await answered(question);
  await slack.settled();
  expect(answers(question)).toHaveLength(1);
});

it("a disk that fills up during a turn delays its answer, and does not post it twice", async () => {
  const {
    join: start,
    slack,
    ada,
    at,
    answers,
    problems,
  } = await parleyInSlack({
    pace: 12,
  });
  const { store } = await fileStore();
  await start(store);
  const question = ada.says("C1", `${at} What is 2 + 2?`);
  await vi.waitFor(
    () => expect(slack.workspace.thread("C1", question.ts)).toHaveLength(2),
    PATIENCE,
  );
  await fillDisk(store);
  // More often than a turn is tried that fails by its own doing.
  const full = () => problems.filter((problem) => /the disk is full/.test(problem)).length;
  await vi.waitFor(() => expect(full()).toBeGreaterThan(4), PATIENCE);
  expect(answers(question)).toEqual([]);
  await freeDisk(store);
  await vi.waitFor(() => expect(answers(question)).toHaveLength(1), PATIENCE);
  expect(answers(question)[0]?.text).toMatch(/= 4/);
  await slack.settled();
  expect(answers(question)).toHaveLength(1);
});
