import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseCommand } from "../../src/commands/parse/parse-command.ts";
import { TurnId } from "../../src/ids.ts";
import { teamOf } from "../support/parley-room.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { openRoom } from "./room.ts";

const DAY = 86_400_000;

/** Somebody has used this much today in the room's channel. */
async function use(
  { store }: Awaited<ReturnType<typeof openRoom>>,
  person: { readonly id: string; readonly name: string },
  spent: { readonly tokens: number; readonly costUsd: number },
) {
  const meter = (owner: string, label = "") => ({
    owner,
    period: "day:1970-02-10",
    endsAt: 41 * DAY,
    label,
  });
  const turn = TurnId.parse(`turn of ${person.id}`);
  const counted = [
    meter("slack:T1:C1"),
    meter("slack:T1"),
    meter(`slack:T1@${encodeURIComponent(`slack:${person.id}`)}`, person.name),
  ];
  await store.budgets.reserve(turn, { held: [], counted, estimate: { tokens: 0, microUsd: 0 } });
  await store.budgets.settle(turn, spent);
}

test("where nothing is limited, the report says so, and what was used all the same", async () => {
  const room = await openRoom({ setting: "council" });
  await use(room, { id: "U1", name: "Ada" }, { tokens: 12_000, costUsd: 0.25 });
  expect(await room.hear("budget")).toMatchInlineSnapshot(`
    "Budgets
    There are no limits here. An admin can set one: \`budget set 5usd/day --channel\`.
    - One turn of Council is estimated at 50k tokens, $0.275.
    - The day ends at 00:00 UTC, in 24h00m.
    Used today | Turns | Tokens | Cost
    you | 1 | 12k | $0.250
    this channel | 1 | 12k | $0.250
    this space | 1 | 12k | $0.250"
  `);
});

test("the report lists what holds here, what is used, and when it frees up; operators see who used most", async () => {
  const limits = [{ reach: "all", limit: { unit: "usd", amount: 50, per: "day" } }] as const;
  const room = await openRoom({ setting: "council", limits });
  await use(room, { id: "U1", name: "Ada" }, { tokens: 12_000, costUsd: 0.25 });
  await use(room, { id: "U2", name: "Bob" }, { tokens: 200_000, costUsd: 2 });
  await room.say("budget set 5usd/day --channel", "admin");
  await room.say("budget set 10 turns an hour --person", "admin");
  await room.say("budget allow 2", "admin");
  expect(await room.hear("budget show", "operator")).toMatchInlineSnapshot(`
    "Budgets
    - The next 2 turns in this thread may exceed the limits, until 00:00 UTC by Ada.
    - One turn of Council is estimated at 50k tokens, $0.275.
    - The day ends at 00:00 UTC, in 24h00m.
    Limit | For | Used | Reserved | Left | Resets | Set by
    $50.00 a day | all of Parley | $0 |  | $50.00 | 00:00 UTC, in 24h00m | the operator
    10 turns an hour | each person (you) | 0 turns |  | 10 turns | 01:00 UTC, in 1h00m | Ada
    $5.00 a day | this channel | $2.25 |  | $2.75 | 00:00 UTC, in 24h00m | Ada
    Used today | Turns | Tokens | Cost
    you | 1 | 12k | $0.250
    this channel | 2 | 212k | $2.25
    this space | 2 | 212k | $2.25
    Most in this space today | Turns | Tokens | Cost
    Bob | 1 | 200k | $2.00
    Ada | 1 | 12k | $0.250"
  `);
});

test("a limit is told to everybody, with what a turn is estimated at", async () => {
  const { hear, say } = await openRoom({ setting: "council" });
  expect(await hear("budget set 5usd/day --channel", "admin")).toMatchInlineSnapshot(`
    "The limit for this channel is $5.00 a day
    A day ends at 00:00 UTC; usage since the day began counts.
    One turn of Council is estimated at 50k tokens, $0.275."
  `);
  expect(await say("budget set 5usd/day --space", "admin")).toMatchObject({
    visibleTo: "everyone",
  });
});

test("who limits dollars where a price is unknown is told that they cannot hold", async () => {
  const dir = await temporaryFolder();
  await writeFile(join(dir, "home.yaml"), teamOf(["qwen"]));
  const { hear } = await openRoom({ setting: "home", dirs: [dir] });
  expect(await hear("budget set 5usd/day --channel", "admin")).toMatchInlineSnapshot(`
    "The limit for this channel is $5.00 a day
    A day ends at 00:00 UTC; usage since the day began counts.
    One turn of home is estimated at 4k tokens, cost unknown.
    **The price of qwen is unknown**, so its usage does not count towards a dollar limit. Limit tokens as well: \`budget set 500ktokens/day …\`, or set a price in the team file."
  `);
  expect(await hear("budget set 500ktokens/day --channel", "admin")).not.toContain("not known");
});

test("a limit below one turn's estimate is set, and its effect is told", async () => {
  const { hear } = await openRoom({ setting: "council" });
  expect(await hear("budget set 1ktokens/day --person", "admin")).toContain(
    "**The estimate is above the limit, so no turn of this team can start.**",
  );
});

test("a limit takes the place of the one of its unit and time; reset undoes them all", async () => {
  const { hear } = await openRoom();
  for (const limit of ["5usd/day", "9usd/day", "3turns/hour"])
    await hear(`budget set ${limit} --space`, "admin");
  expect(await hear("budget reset --space", "admin")).toBe(
    "The limits for this space are removed\nThey were: $9.00 a day, 3 turns an hour.",
  );
  expect(await hear("budget reset --space", "admin")).toBe(
    "No limit is set for this space\n`budget show` lists the limits that apply here.",
  );
});

test("who set what and when is kept", async () => {
  const { say, store } = await openRoom();
  await say("budget set 5usd/day --channel", "admin");
  await say("budget reset --channel", "admin");
  expect(await store.bindings.history("budget:channel:slack:T1:C1")).toMatchObject([
    { version: 2, by: "slack:U1 Ada", at: 40 * DAY, value: null },
    { version: 1, by: "slack:U1 Ada", at: 40 * DAY },
  ]);
});

test("limits are for admins to set and to lift, and for everybody to see", async () => {
  const { hear } = await openRoom();
  expect(await hear("budget set 5usd/day --channel", "operator")).toMatch(
    /^`budget set` is for admins\n/,
  );
  expect(await hear("budget allow", "operator")).toMatch(/^`budget allow` is for admins\n/);
  expect(await hear("budget")).not.toContain("is for");
});

test.each([
  ["budget allow", "The next turn in this thread may exceed the limits, until 00:00 UTC"],
  [
    "budget allow 3 --channel",
    "The next 3 turns in this channel may exceed the limits, until 00:00 UTC",
  ],
  ["budget allow 90m space", "All turns in this space may exceed the limits, until 01:30 UTC"],
  ["budget allow today", "All turns in this thread may exceed the limits, until 00:00 UTC"],
  ["budget allow off", "The limits apply again in this thread"],
])("“%s”: %s", async (text, title) => {
  const { say } = await openRoom();
  expect(await say(text, "admin")).toMatchObject({ title, ok: true });
});

test.each([
  ["budget set 5usd/day", "For whom?"],
  ["budget set --channel", "Which limit?"],
  ["budget set lots --channel", "Parley cannot read “lots” as a limit."],
  ["budget set 5usd/day --team", "Unknown flag --team."],
  ["budget set 5usd/day --space --channel", "Use only one of them."],
  ["budget allow soon", "“soon” is neither a number of turns nor a duration."],
  ["budget shwo", "There is no command “budget shwo”."],
])("“%s”: %s", (text, problem) => {
  expect(parseCommand(text)).toMatchObject({ name: "problem", problem });
});

test("what is suggested instead can be written", () => {
  for (const text of ["budget set lots --space", "budget allow soon", "budget reset"]) {
    const command = parseCommand(text);
    const suggestions = command.name === "problem" ? command.suggestions : [];
    expect(suggestions.map((one) => parseCommand(one).name)).not.toContain("problem");
    expect(suggestions).not.toEqual([]);
  }
});

test.each([
  ["limit 10turns/hour --person", { name: "budget set", reach: "person" }],
  ["budget set $5 a day channel", { name: "budget set", reach: "channel" }],
  ["Budget set 5usd/day —workspace", { name: "budget set", reach: "space" }],
  ["limits", { name: "budget show" }],
])("“%s” is understood", (text, command) => {
  expect(parseCommand(text)).toMatchObject(command);
});

test.each([
  ["budget s", ["budget show", "budget set"]],
  ["budget set 5usd/day --p", ["budget set 5usd/day --person"]],
  ["budget reset ", ["budget reset --person", "budget reset --channel", "budget reset --space"]],
  ["budget allow 2", ["budget allow 2h"]],
])("%j may become %j", async (prefix, texts) => {
  expect(await (await openRoom()).complete(prefix, "admin")).toEqual(texts);
});
