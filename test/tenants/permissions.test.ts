import { expect, test } from "vitest";
import { COMMAND_NAMES } from "../../src/commands/command-table.ts";
import type { Level } from "../../src/platform.ts";
import { openRoom } from "../support/parley-room.ts";

/** Who asks: as the platform has them, and whether PARLEY_ADMINS names them. */
const PEOPLE = {
  member: { id: "mia", level: "everyone" },
  operator: { id: "olga", level: "operator" },
  admin: { id: "adam", level: "admin" },
  "installation admin": { id: "ines", level: "everyone" },
} as const satisfies Record<string, { id: string; level: Level }>;
type Who = keyof typeof PEOPLE;

const EVERYONE: readonly Who[] = ["member", "operator", "admin", "installation admin"];
const OPERATORS: readonly Who[] = ["operator", "admin", "installation admin"];
const ADMINS: readonly Who[] = ["admin", "installation admin"];
const INSTALLATION: readonly Who[] = ["installation admin"];

/** Every command, as it is written, and who may give it where many workspaces share the installation. */
const MATRIX: readonly (readonly [text: string, allowed: readonly Who[]])[] = [
  ["help", EVERYONE],
  ["ask Why?", EVERYONE],
  ["stop", EVERYONE],
  ["finish", EVERYONE],
  ["prefer A", EVERYONE],
  ["retry", EVERYONE],
  ["rate down It is wrong.", EVERYONE],
  ["steer", EVERYONE],
  ["restart", EVERYONE],
  ["status", EVERYONE],
  ["why", EVERYONE],
  ["why --timing", OPERATORS],
  ["team list", EVERYONE],
  ["team show", EVERYONE],
  ["team use default", EVERYONE],
  ["team use default --channel", OPERATORS],
  ["team use default --space", ADMINS],
  ["team reset", EVERYONE],
  ["team reset --channel", OPERATORS],
  ["team reset --space", ADMINS],
  ["team reload", INSTALLATION],
  ["team validate", INSTALLATION],
  ["agents list", EVERYONE],
  ["agents add ann", EVERYONE],
  ["agents drop berta", EVERYONE],
  ["agents only ann", EVERYONE],
  ["agents reset", EVERYONE],
  ["listen thread", EVERYONE],
  ["listen thread --channel", OPERATORS],
  ["listen thread --space", ADMINS],
  ["usage", EVERYONE],
  ["usage --channel", OPERATORS],
  ["usage --space", ADMINS],
  ["stats models", EVERYONE],
  ["stats models reset", ADMINS],
  ["budget show", EVERYONE],
  ["budget set 5usd/day --space", ADMINS],
  ["budget reset --space", ADMINS],
  ["budget allow", ADMINS],
  ["keys show", ADMINS],
  ["keys set openai sk-1234567890", ADMINS],
  ["keys remove openai", ADMINS],
  ["version", EVERYONE],
];

const NAMED = [{ platform: "test", space: null, id: "ines" }];

/** Who may give the command in a room. */
async function allowedIn(room: Awaited<ReturnType<typeof openRoom>>, text: string) {
  const allowed: Who[] = [];
  for (const who of EVERYONE) {
    const { id, level } = PEOPLE[who];
    const person = { id, name: who, kind: "person" } as const;
    const { title } = await room.command(text, { person, level });
    if (!/^`[^`]+` is for /.test(title)) allowed.push(who);
  }
  return allowed;
}

test("the matrix contains every command", () => {
  const isThere = (name: string) =>
    MATRIX.some(([text]) => text === name || text.startsWith(`${name} `));
  expect(COMMAND_NAMES.filter((name) => !isThere(name))).toEqual([]);
});

test("many workspaces: commands about all of them are for people in PARLEY_ADMINS", async () => {
  const room = await openRoom(undefined, { isMany: true, admins: NAMED });
  for (const [text, expected] of MATRIX)
    expect([text, await allowedIn(room, text)]).toEqual([text, expected]);
});

test("many workspaces without PARLEY_ADMINS: nobody may use commands about all of them", async () => {
  const room = await openRoom(undefined, { isMany: true });
  expect(await allowedIn(room, "team reload")).toEqual([]);
  expect(await allowedIn(room, "team validate")).toEqual([]);
  expect(await allowedIn(room, "team use default --space")).toEqual(["admin"]);
});

test("one workspace: its admins run the installation, unless PARLEY_ADMINS is set", async () => {
  const alone = await openRoom();
  for (const [text, expected] of MATRIX) {
    const withoutNamed = expected.filter((who) => who !== "installation admin");
    const withMember = expected === EVERYONE ? EVERYONE : withoutNamed;
    const isForAll = expected === INSTALLATION;
    expect([text, await allowedIn(alone, text)]).toEqual([text, isForAll ? ["admin"] : withMember]);
  }
  const named = await openRoom(undefined, { admins: NAMED });
  for (const [text, expected] of MATRIX)
    expect([text, await allowedIn(named, text)]).toEqual([text, expected]);
});

test("help shows commands about all workspaces only to people who may use them", async () => {
  const room = await openRoom(undefined, { isMany: true, admins: NAMED });
  const help = async (who: Who) => {
    const { id, level } = PEOPLE[who];
    const person = { id, name: who, kind: "person" } as const;
    return JSON.stringify(await room.command("help", { person, level }));
  };
  expect(await help("admin")).not.toMatch(/team (reload|validate)/);
  expect(await help("installation admin")).toMatch(/team reload.*team validate/);
});
