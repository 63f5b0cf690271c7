import { expect, test } from "vitest";
import type { Level } from "../../src/platform.ts";
import { installationLevel, parseAdmins } from "../../src/tenants/installation.ts";

const PLATFORMS = ["terminal", "slack", "discord"];
const place = { platform: "slack", space: "T1" };

test("PARLEY_ADMINS lists people, groups and roles, everywhere or in one workspace", () => {
  expect(parseAdmins(" slack:U1, slack:T1/S9\ndiscord:80351110224678912 ; ", PLATFORMS)).toEqual([
    { platform: "slack", space: null, id: "U1" },
    { platform: "slack", space: "T1", id: "S9" },
    { platform: "discord", space: null, id: "80351110224678912" },
  ]);
  expect(parseAdmins("", PLATFORMS)).toEqual([]);
});

test.each([
  "U1",
  "slack:",
  "slack:*",
  "*",
  "slack:T1/*",
  "slack:@ada",
  "slack:T1/U1/U2",
  "Slack:U1",
])("PARLEY_ADMINS refuses %s, and says how to write it", (entry) => {
  expect(() => parseAdmins(`slack:U1,${entry}`, PLATFORMS)).toThrow(
    `PARLEY_ADMINS: “${entry}” names nobody. Write platform:id, such as slack:U012AB3CD`,
  );
});

test.each([
  ["slak:U1", "there is terminal, slack, discord. Did you mean slack:U1?"],
  ["discrod:T1/80351110224678912", "Did you mean discord:T1/80351110224678912?"],
  ["teams:U1", "names the platform teams; there is terminal, slack, discord."],
])("PARLEY_ADMINS with the unknown platform of %s is refused", (entry, text) => {
  expect(() => parseAdmins(`slack:U1, ${entry}`, PLATFORMS)).toThrow(text);
});

const levels = (setting: string, isMany: boolean, ids: readonly string[]) => {
  const installation = { admins: parseAdmins(setting, PLATFORMS), isMany: () => isMany };
  const all: readonly Level[] = ["everyone", "operator", "admin"];
  return all.map((level) => installationLevel(installation, place, { ids, level }));
};

test.each([
  ["the only workspace is run by its admins", "", false, ["everyone", "operator", "installation"]],
  ["many workspaces are run by none of their admins", "", true, ["everyone", "operator", "admin"]],
  [
    "PARLEY_ADMINS replaces the admins of the only workspace",
    "slack:U9",
    false,
    ["everyone", "operator", "admin"],
  ],
  [
    "who is named runs it, whatever they are in the workspace",
    "slack:U1",
    true,
    ["installation", "installation", "installation"],
  ],
  ["a group counts", "slack:S1", true, ["installation", "installation", "installation"]],
  [
    "an id of this workspace counts",
    "slack:T1/U1",
    true,
    ["installation", "installation", "installation"],
  ],
  ["an id of another workspace does not", "slack:T2/U1", true, ["everyone", "operator", "admin"]],
  ["an id of another platform does not", "discord:U1", true, ["everyone", "operator", "admin"]],
] as const)("%s", (_, setting, isMany, expected) => {
  expect(levels(setting, isMany, ["U1", "S1"])).toEqual(expected);
});

test("a level that the platform gives is kept", () => {
  const installation = { admins: parseAdmins("slack:U9", PLATFORMS), isMany: () => true };
  const person = { ids: ["you"], level: "installation" } as const;
  expect(installationLevel(installation, { platform: "terminal", space: "" }, person)).toBe(
    "installation",
  );
});
