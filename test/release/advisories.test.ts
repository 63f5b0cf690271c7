import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import {
  Advisory,
  compareVersions,
  findAdvisories,
  lockedPackages,
} from "../../release/find-advisories.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const advisory = (events: readonly object[], more: object = {}) =>
  Advisory.parse({
    id: "GHSA-1",
    summary: "It leaks",
    affected: [
      {
        package: { ecosystem: "npm", name: "undici" },
        ranges: [{ type: "SEMVER", events }],
        ...more,
      },
    ],
  });

test("versions are ordered as semver.org orders them", () => {
  const ordered =
    "1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 1.0.1 1.2.0 1.10.0 2.0.0";
  const versions = ordered.split(" ");
  expect(versions.toReversed().toSorted(compareVersions)).toEqual(versions);
  expect(compareVersions("1.0.0+a", "1.0.0+b")).toBe(0);
});

test.each([
  [[{ introduced: "0" }], true],
  [[{ introduced: "0" }, { fixed: "7.2.0" }], true],
  [[{ introduced: "0" }, { fixed: "7.1.0" }], false],
  [[{ introduced: "7.1.0" }, { fixed: "7.1.1" }], true],
  [[{ introduced: "7.1.1" }], false],
  [[{ introduced: "0" }, { last_affected: "7.1.0" }], true],
  [[{ introduced: "0" }, { last_affected: "7.0.9" }], false],
  [[{ introduced: "0" }, { fixed: "6.0.0" }, { introduced: "7.0.0" }, { fixed: "7.5.0" }], true],
])("an advisory for %j concerns 7.1.0: %s", (events, isFound) => {
  const found = findAdvisories([{ name: "undici", version: "7.1.0" }], [advisory(events)]);
  expect(found).toEqual(isFound ? ["GHSA-1 undici@7.1.0: It leaks"] : []);
});

test("listed versions count, withdrawn advisories and other packages do not", () => {
  const packages = [{ name: "undici", version: "7.1.0" }];
  const listed = advisory([], { ranges: [], versions: ["7.1.0"] });
  expect(findAdvisories(packages, [listed])).toHaveLength(1);
  expect(findAdvisories(packages, [{ ...listed, withdrawn: "2026-01-01T00:00:00Z" }])).toEqual([]);
  expect(findAdvisories([{ name: "other", version: "7.1.0" }], [listed])).toEqual([]);
});

test("a lock file's packages are found wherever they stand, without those for development", () => {
  const lock = {
    packages: {
      "": { version: "1.0.0" },
      "node_modules/a": { version: "1.0.0" },
      "node_modules/@s/b/node_modules/a": { version: "2.0.0" },
      "node_modules/alias": { name: "real", version: "3.0.0" },
      "node_modules/dev": { version: "1.0.0", dev: true },
    },
  };
  const found = lockedPackages(lock).map(({ name, version }) => `${name}@${version}`);
  expect(found).toEqual(["a@1.0.0", "a@2.0.0", "real@3.0.0"]);
});

test("the command checks against an export where no registry answers, and says when it did not", async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "osv"));
  await writeFile(
    join(folder, "package-lock.json"),
    JSON.stringify({
      name: "x",
      lockfileVersion: 3,
      packages: { "": {}, "node_modules/undici": { version: "7.1.0" } },
    }),
  );
  await writeFile(
    join(folder, "package.json"),
    '{ "name": "x", "dependencies": { "undici": "7.1.0" } }',
  );
  await writeFile(
    join(folder, "osv", "GHSA-1.json"),
    JSON.stringify(advisory([{ introduced: "0" }])),
  );
  const script = join(import.meta.dirname, "../../release/advisories.ts");
  const run = async (env: Readonly<Record<string, string>>) => {
    const nowhere = { npm_config_registry: "http://127.0.0.1:9/", PATH: process.env["PATH"] ?? "" };
    const options = { cwd: folder, env: { ...nowhere, HOME: folder, ...env } };
    return promisify(execFile)(process.execPath, [script], options).then(
      ({ stdout }) => ({ code: 0, stdout }),
      (error: { code: number; stdout: string }) => error,
    );
  };
  expect(await run({})).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Advisories: NOT CHECKED/),
  });
  expect(await run({ OSV_NPM: join(folder, "osv") })).toMatchObject({
    code: 1,
    stdout: "Advisories (1 of OSV): 1 known\nGHSA-1 undici@7.1.0: It leaks\n",
  });
});
