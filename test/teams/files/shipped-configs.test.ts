import { readFile, readdir } from "node:fs/promises";
import { join, parse } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { CURRENT_SEATS } from "../../../src/teams/current-models.ts";
import { readTeam } from "../../../src/teams/files/read-team.ts";
import { shippedConfigs } from "../../../src/teams/files/load-team-files.ts";
import { teamSchema } from "../../../src/teams/files/team-schema.ts";
import { ALL_KEYS } from "./read.ts";

const dir = shippedConfigs();
const files = (await readdir(dir)).filter((file) => file.endsWith(".yaml"));
const text = (file: string) => readFile(join(dir, file), "utf8");

test("Parley ships with seven teams", () => {
  expect(files.toSorted().map((file) => parse(file).name)).toEqual([
    "council",
    "default",
    "demo",
    "duo-review",
    "local",
    "programs",
    "solo",
  ]);
});

test.each(files)("%s has no error or warning, and a description", async (file) => {
  const source = { name: parse(file).name, file, text: await text(file) };
  const { team, problems } = readTeam(source, { env: ALL_KEYS, priceKnown: () => true });
  expect(problems).toEqual([]);
  expect(team?.description).toMatch(/^[A-Z].*\.$/);
});

test.each(files)("%s names its schema for editors, and has comments", async (file) => {
  const content = await text(file);
  expect(content.split("\n")[0]).toBe("# yaml-language-server: $schema=./schema.json");
  expect(content.match(/^#/gm)?.length).toBeGreaterThan(4);
});

test.each(files)("%s names only models that Parley would pick today", async (file) => {
  const models = (await text(file)).match(/\b(gpt|claude|gemini)-\d[\w.-]*|claude-[\w-]+/g) ?? [];
  const current: string[] = Object.values(CURRENT_SEATS).map(({ backend }) => backend.model);
  expect(models.filter((model) => model !== "claude-code" && !current.includes(model))).toEqual([]);
});

test("schema.json matches the schema (npm run schema)", async () => {
  expect(JSON.parse(await text("schema.json"))).toEqual(JSON.parse(JSON.stringify(teamSchema())));
});

const Node = z.looseObject({
  description: z.string().optional(),
  get properties() {
    return z.record(z.string(), Node).optional();
  },
  get items() {
    return Node.optional();
  },
  get anyOf() {
    return z.array(Node).optional();
  },
});

const undescribed = (node: z.infer<typeof Node>, at: string): readonly string[] => [
  ...Object.entries(node.properties ?? {}).flatMap(([name, child]) => [
    ...(child.description ? [] : [`${at}.${name}`]),
    ...undescribed(child, `${at}.${name}`),
  ]),
  ...(node.items ? undescribed(node.items, at) : []),
  ...(node.anyOf ?? []).flatMap((branch) => undescribed(branch, at)),
];

test("Every key of a team file is described", () => {
  expect(undescribed(Node.parse(teamSchema()), "")).toEqual([]);
});
