import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openRoom as openCommands } from "../commands/room.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const agent = (id: string) =>
  `agents: [{ id: ${id}, backend: { type: openai, model: gpt-6-sol } }]\n`;

/** A Slack workspace T1 with team files of several tenants. */
async function open({
  isMany = true,
  files = {} as Record<string, string>,
  setting = "default",
} = {}) {
  const dir = await temporaryFolder();
  const all: Record<string, string> = {
    own: `${agent("ours")}spaces: slack:T1\n`,
    foreign: `${agent("theirs")}description: Another tenant's\nspaces: [slack:T2, discord:803]\n`,
    open: `${agent("anyone")}spaces: all\n`,
    slack: `${agent("slacker")}spaces: ["slack:*"]\n`,
    unsaid: agent("unsaid"),
    broken: "agents: nobody\n",
    ...files,
  };
  for (const [name, text] of Object.entries(all)) await writeFile(join(dir, `${name}.yaml`), text);
  return { dir, ...(await openCommands({ dirs: [dir], isMany: () => isMany, setting })) };
}

const SHIPPED = ["council", "default", "demo", "duo-review", "local", "programs", "solo"];

test("in a shared installation, a workspace sees the shipped teams and those whose file names it", async () => {
  const { complete } = await open();
  expect(await complete("team show ")).toEqual(
    [...SHIPPED, "open", "own", "slack"].toSorted().map((name) => `team show ${name}`),
  );
});

test("a single workspace sees all teams except those for others", async () => {
  const { complete } = await open({ isMany: false });
  expect(await complete("team show ")).toEqual(
    [...SHIPPED, "open", "own", "slack", "unsaid"].toSorted().map((name) => `team show ${name}`),
  );
});

test("everybody may use the default team, whatever its file says", async () => {
  const { here } = await open({ setting: "unsaid" });
  expect((await here()).team.name).toBe("unsaid");
});

test("ids are compared ignoring case", async () => {
  const { say } = await open({ files: { lower: `${agent("low")}spaces: slack:t1\n` } });
  expect(await say("team use lower")).toMatchObject({ ok: true });
});

/** What names another tenant's team, in every command that takes a name. */
const NAMING = [
  "team show foreign",
  "team use foreign",
  "team use foreign --space",
  "ask --team foreign Why?",
  "retry with foreign",
  "agents add foreign/theirs",
  "agents add theirs",
  "agents only theirs",
];

test.each(NAMING)("%s is answered as if the team did not exist", async (command) => {
  const { hear } = await open();
  const unknown = command.replaceAll("foreign", "absent").replaceAll("theirs", "nobody");
  const plainly = (text: string) =>
    text
      .replaceAll(/foreign|absent/g, "NAME")
      .replaceAll(/theirs|nobody/g, "AGENT")
      .replaceAll(/Did you mean .*/g, "HINT")
      .replaceAll(/There are .*|`team show TEAM` .*/g, "HINT");
  expect(plainly(await hear(command, "admin"))).toBe(plainly(await hear(unknown, "admin")));
});

test("members of a workspace see no path, no variable and no other tenant's team, whatever they write", async () => {
  const { dir, hear, complete } = await open();
  const levels = ["everyone", "operator", "admin"] as const;
  const commands = [
    "help",
    "help team",
    "team list",
    "team show",
    "team show own",
    "team show broken",
    "team show unsaid",
    "team reload",
    "team validate",
    "agents list",
    "agents add",
    "agents add x",
    "budget show",
    "usage",
    "version",
    "nonsense",
    ...NAMING.filter((text) => !text.includes("foreign")),
  ];
  const prefixes = [
    "team show ",
    "team use ",
    "ask --team ",
    "retry with ",
    "agents add ",
    "help ",
    "",
  ];
  for (const level of levels) {
    const texts = await Promise.all([
      ...commands.map((text) => hear(text, level)),
      ...prefixes.map(async (prefix) => (await complete(prefix, level)).join("\n")),
    ]);
    const said = texts.join("\n");
    expect(said).not.toContain(dir);
    expect(said).not.toMatch(/\.yaml|[A-Z]+_[A-Z_]+\b/);
    expect(said).not.toMatch(/foreign|Another tenant/);
    expect(said).not.toContain("unsaid:");
  }
});

test("people who run the installation see every team, who may use it and where it comes from", async () => {
  const { dir, hear } = await open();
  const list = await hear("team list", "installation");
  expect(list).toContain("foreign | theirs | Another tenant's – for slack:T2, discord:803");
  expect(list).toContain("unsaid | unsaid | for no workspace: its file lists no spaces");
  expect(list).toContain("broken |  | cannot be used");
  const shown = await hear("team show foreign", "installation");
  expect(shown.replaceAll("\\", "")).toContain(
    `- From ${dir}/foreign.yaml\n- For slack:T2, discord:803`,
  );
  expect(await hear("team show broken", "installation")).toContain("broken.yaml:1:9");
});

test("a team answers only where it is visible, also for people who see it elsewhere", async () => {
  const { hear } = await open();
  expect(await hear("team use foreign", "installation")).toMatch(/^There is no team “foreign”/);
});

test("a bound team that now belongs to another workspace is refused, and no other team answers", async () => {
  const { say, here, hear, dir } = await open();
  await say("team use own");
  await writeFile(join(dir, "own.yaml"), `${agent("ours")}spaces: slack:T2\n`);
  await say("team reload", "installation");
  await expect(here()).rejects.toThrow(
    "the team own, chosen for this thread, cannot be used: there is no team of that name here.",
  );
  expect(await hear("team list")).not.toContain("own |");
});

test.each([
  ["spaces: T1", "spaces must"],
  ["spaces: []", "spaces"],
  ["spaces: [slack]", "spaces"],
])("a file with %s is refused with its line", async (line, text) => {
  const { hear } = await open({ files: { mistaken: `${agent("a")}${line}\n` } });
  const said = await hear("team show mistaken", "installation");
  expect(said).toContain("mistaken.yaml:2:");
  expect(said).toContain(text.split(" ")[0]);
});

const UNSEEN =
  "These team files answer nowhere, because several workspaces or servers share this Parley and the files do not say for which they are: unsaid.yaml. Write `spaces: all` in each, or name workspaces, such as";

test("people who run the installation are told which files answer nowhere, and what to write", async () => {
  const { hear } = await open();
  for (const command of ["team validate", "team reload", "team list"]) {
    expect((await hear(command, "installation")).replaceAll("\\", "")).toContain(UNSEEN);
    expect(await hear(command, "admin")).not.toContain("unsaid.yaml");
  }
});

test.each([
  ["only one workspace uses it", { isMany: false }],
  ["it is the default", { setting: "unsaid" }],
  ["it says for whom it is", { files: { unsaid: `${agent("unsaid")}spaces: all\n` } }],
])("a file does not count as unseen when %s", async (_, given) => {
  const { hear } = await open(given);
  expect(await hear("team validate", "installation")).not.toContain("answer nowhere");
});
