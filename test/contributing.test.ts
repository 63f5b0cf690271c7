import { existsSync, globSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import {
  blocks,
  found,
  pathsIn,
  readDocument,
  scriptsIn,
  section,
} from "./support/read-document.ts";

const text = readDocument("CONTRIBUTING.md");
const Names = z.record(z.string(), z.string());
const Manifest = z.object({ scripts: Names, devDependencies: Names });
const manifest = Manifest.parse(JSON.parse(readDocument("package.json")));

const map = found(blocks(text, "text")[0] ?? "", /^(\S+) {2,}/gm);

test("it stays short, and whoever works here is pointed to it", () => {
  expect(text.split("\n").length).toBeLessThanOrEqual(130);
  expect(readDocument("AGENTS.md")).toContain("CONTRIBUTING.md");
});

test("the map shows every folder of src, and nothing that is not there", () => {
  const folders = readdirSync("src", { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `src/${name}`);
  expect(map.filter((path) => !existsSync(path))).toEqual([]);
  expect(folders.filter((folder) => !map.includes(folder))).toEqual([]);
});

test("every file, folder and script that it names is there", () => {
  expect(pathsIn(text).filter((path) => !existsSync(path))).toEqual([]);
  expect(scriptsIn(text).filter((name) => !(name in manifest.scripts))).toEqual([]);
});

test("every test file that the configuration sets apart is there", () => {
  const named = found(readDocument("vitest.config.ts"), /"(test\/[^"]+\.test\.ts)"/g);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((pattern) => globSync(pattern).length === 0)).toEqual([]);
});

test("what it calls pinned is pinned", () => {
  const [line = ""] = section(text, "Pins")
    .split("\n")
    .filter((row) => row.includes(" exactly"));
  const pinned = found(line.split(" exactly")[0] ?? "", /`([\w-]+)`/g);
  expect(pinned).toContain("oxlint");
  expect(pinned.filter((name) => !/^\d/.test(manifest.devDependencies[name] ?? ""))).toEqual([]);
});
