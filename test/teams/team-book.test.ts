import { execFile } from "node:child_process";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test, vi } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { createTeamBook, type TeamBookOptions } from "../../src/teams/team-book.ts";
import { formatProblem } from "../../src/teams/files/team-problem.ts";
import type { WatchFolder } from "../../src/teams/files/watch-folder.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { ALL_KEYS, DUO } from "./files/read.ts";
import { PATIENCE } from "../support/patience.ts";

/** The file system tells in its own time. */
const eventually = (check: () => unknown) => vi.waitFor(check, PATIENCE);

/** A book over new folders that hold `files`, watched for real. */
async function openBook(
  files: Record<string, string>,
  options: Partial<TeamBookOptions> & { readonly folders?: number } = {},
) {
  const dirs = await Promise.all(Array.from({ length: options.folders ?? 1 }, temporaryFolder));
  const path = (name: string, folder = 0) => join(dirs[folder] ?? "", name);
  for (const [name, text] of Object.entries(files)) await writeFile(path(name), text);
  const told: string[] = [];
  const book = await createTeamBook({
    dirs,
    env: ALL_KEYS,
    clock: systemClock,
    onProblem: (problem, keptLast) => told.push(`${keptLast}: ${problem.message}`),
    ...options,
  });
  onTestFinished(() => book.close());
  const agents = (name: string) => book.get(name)?.agents.map(({ id }) => id);
  return { book, path, told, agents, dirs };
}

const TRIO = `${DUO}  - id: gemini
    backend: { type: gemini, model: gemini-3.8-flash }
`;

test("Teams have their file's name, ignoring case", async () => {
  const { book, agents } = await openBook({ "Duo.yaml": DUO, "trio.yml": TRIO, "notes.txt": "" });
  expect(book.list().map(({ name }) => name)).toEqual(["duo", "trio"]);
  expect(agents("DUO")).toEqual(["gpt", "claude"]);
  expect(book.get("council")).toBeNull();
});

test("A file in the user's folder overrides the shipped one of its name", async () => {
  const { book, path, agents } = await openBook({ "duo.yaml": DUO }, { folders: 2 });
  await writeFile(path("duo.yaml", 1), TRIO);
  expect((await book.reload()).changed).toEqual(["duo"]);
  expect(agents("duo")).toHaveLength(3);
  await rm(path("duo.yaml", 1));
  await book.reload();
  expect(agents("duo")).toHaveLength(2);
});

test("A saved file is used at once, and a turn keeps the team it started with", async () => {
  const { book, path, agents } = await openBook({ "duo.yaml": DUO });
  const before = book.get("duo");
  await writeFile(path("duo.yaml"), TRIO);
  await eventually(() => expect(agents("duo")).toHaveLength(3));
  expect(before?.agents).toHaveLength(2);
});

test("A broken file keeps the last good version in use and is reported once, until it is repaired", async () => {
  const { book, path, told, agents } = await openBook({ "duo.yaml": DUO });
  await writeFile(path("duo.yaml"), `${TRIO}mod: solo`);
  await eventually(() => expect(told).toEqual(['true: unknown key "mod"; did you mean "mode"?']));
  expect(agents("duo")).toHaveLength(2);
  await writeFile(path("other.yaml"), DUO);
  await eventually(() => expect(agents("other")).toHaveLength(2));
  await writeFile(path("duo.yaml"), TRIO);
  await eventually(() => expect(agents("duo")).toHaveLength(3));
  expect(told).toHaveLength(1);
  expect(book.problems()).toEqual([]);
});

const HOSTILE: Readonly<Record<string, string>> = {
  "an alias to the list it is in": "agents: &a [*a]\n",
  "an alias to a mapping around it":
    "agents:\n  - &s { id: a, backend: { type: simulated, model: m, options: { s: *s } } }\n",
  "aliases that multiply": `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nagents: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n`,
  "long values aliased often": `a: &a [${"x,".repeat(900)}]\nagents: [${"*a,".repeat(90)}]\n`,
  "a merge of itself": "agents: &a\n  <<: *a\n  b: 1\n",
  "deep brackets": `agents: ${"[".repeat(15_000)}`,
  "deep mappings": Array.from({ length: 200 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"),
  "a megabyte of comment": `# ${"x".repeat(1_000_000)}\n${DUO}`,
  "many keys": Array.from({ length: 15_000 }, (_, n) => `k${n}: 1`).join("\n"),
};

test.each(Object.keys(HOSTILE))(
  "With %s in its file a team keeps its last good version",
  async (what) => {
    const { book, path, agents, told } = await openBook({ "duo.yaml": DUO }, { watch: null });
    await writeFile(path("duo.yaml"), HOSTILE[what] ?? "");
    const { problems } = await book.reload();
    expect(agents("duo")).toEqual(["gpt", "claude"]);
    expect(problems.map(({ severity, team }) => `${severity} in ${team}`)).toContain(
      "error in duo",
    );
    expect(told).toEqual([]);
    await writeFile(path("duo.yaml"), TRIO);
    await book.reload();
    expect(agents("duo")).toEqual(["gpt", "claude", "gemini"]);
    expect(book.problems()).toEqual([]);
  },
);

test("A file that cannot be read keeps its last good version, which still overrides the shipped one", async () => {
  const { book, path, agents } = await openBook({ "duo.yaml": DUO }, { watch: null, folders: 2 });
  await writeFile(path("duo.yaml", 1), TRIO);
  await book.reload();
  await rm(path("duo.yaml", 1));
  await mkdir(path("duo.yaml", 1));
  await book.reload();
  expect(agents("duo")).toEqual(["gpt", "claude", "gemini"]);
  expect(book.problems().map(({ message }) => message)).toEqual(["this is no regular file"]);
});

test("A named pipe in the folder blocks nothing", async () => {
  const { book, path } = await openBook({ "duo.yaml": DUO }, { watch: null });
  await promisify(execFile)("mkfifo", [path("pipe.yaml")]);
  await book.reload();
  expect(book.list().map(({ name, team }) => [name, team !== null])).toEqual([
    ["duo", true],
    ["pipe", false],
  ]);
});

test("A file that was never valid gives no team, and says why", async () => {
  const { book, path, told } = await openBook({ "duo.yaml": "agents: none" });
  expect(book.get("duo")).toBeNull();
  expect(book.problems().map(formatProblem)).toEqual([
    `${path("duo.yaml")}:1:9: agents must be a list, or the word auto, not "none"`,
  ]);
  await writeFile(path("trio.yaml"), "agents: [");
  await eventually(() => expect(told).toHaveLength(1));
  expect(told[0]).toMatch(/^false: not valid YAML/);
});

test("A save by renaming is noticed", async () => {
  const { path, agents } = await openBook({ "duo.yaml": DUO });
  await writeFile(path(".duo.yaml.swp"), TRIO);
  await rename(path(".duo.yaml.swp"), path("duo.yaml"));
  await eventually(() => expect(agents("duo")).toHaveLength(3));
});

test("A deleted file removes its team", async () => {
  const changes: string[] = [];
  const { book, path } = await openBook(
    { "duo.yaml": DUO, "trio.yaml": TRIO },
    { onChange: ({ removed }) => changes.push(...removed) },
  );
  await rm(path("duo.yaml"));
  await eventually(() => expect(book.get("duo")).toBeNull());
  expect(changes).toEqual(["duo"]);
  expect(book.get("trio")).not.toBeNull();
});

test("A folder that disappears removes no team, and is watched again when it is back", async () => {
  const clock = createFakeClock();
  const { book, path, told, agents, dirs } = await openBook({ "duo.yaml": DUO }, { clock });
  const [dir = ""] = dirs;
  await rm(dir, { recursive: true });
  await eventually(async () => {
    await clock.advance(5_000);
    expect(told).toEqual(["false: the folder of team files cannot be read (ENOENT)"]);
  });
  expect(agents("duo")).toHaveLength(2);
  await mkdir(dir);
  await writeFile(path("duo.yaml"), TRIO);
  await eventually(async () => {
    await clock.advance(5_000);
    expect(agents("duo")).toHaveLength(3);
  });
  expect(book.problems()).toEqual([]);
});

test("Many notifications of one save cause one reload, after the last", async () => {
  const clock = createFakeClock();
  let change = () => {};
  let armed = 0;
  await openBook(
    { "duo.yaml": DUO },
    {
      clock,
      watch: (_dir, onChange) => {
        change = onChange;
        armed += 1;
        return () => {};
      },
    },
  );
  for (let notice = 0; notice < 5; notice += 1) {
    change();
    await clock.advance(60);
  }
  expect(armed).toBe(1);
  await clock.advance(40);
  expect(armed).toBe(2);
});

test("A closed book stops watching", async () => {
  const clock = createFakeClock();
  const watched = { change: () => {}, stopped: false };
  const watch: WatchFolder = (_dir, onChange) => {
    watched.change = onChange;
    return () => void (watched.stopped = true);
  };
  const { book, path, agents } = await openBook({ "duo.yaml": DUO }, { clock, watch });
  await writeFile(path("duo.yaml"), TRIO);
  watched.change();
  await book.close();
  await clock.advance(1_000);
  expect(watched.stopped).toBe(true);
  expect(agents("duo")).toHaveLength(2);
});

test("A file whose name cannot be written in a command is refused", async () => {
  const { book } = await openBook({ "my team.yaml": DUO }, { watch: null });
  expect(book.problems()[0]?.message).toBe(
    "the file's name is the team's name: letters, digits, - and _ only, such as council.yaml",
  );
});
