// npm run advisories: known vulnerabilities of what Parley installs. Asks the registry, else reads an OSV export from the folder in OSV_NPM.
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { Advisory, findAdvisories, lockedPackages } from "./find-advisories.ts";

const Audit = z.object({
  vulnerabilities: z.record(z.string(), z.object({ severity: z.string() })),
});

const ONCE = ["--fetch-retries=0", "--fetch-timeout=20000"];

/** The registry's word, a line for each vulnerable package; null: it keeps no advisories, or cannot be reached. */
const askRegistry = (): Promise<readonly string[] | null> =>
  new Promise((resolve) => {
    // Its exit code says that there are vulnerabilities, or that it failed: the output tells which.
    execFile("npm", ["audit", "--omit=dev", "--json", ...ONCE], { timeout: 60_000 }, (_, stdout) =>
      resolve(readAudit(stdout)),
    );
  });

function readAudit(text: string): readonly string[] | null {
  try {
    const { vulnerabilities } = Audit.parse(JSON.parse(text));
    return Object.entries(vulnerabilities).map(([name, { severity }]) => `${name}: ${severity}`);
  } catch {
    return null;
  }
}

/** The JSON files of an unpacked OSV export. */
async function readExport(folder: string): Promise<readonly Advisory[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json"));
  const advisories: Advisory[] = [];
  for (const name of names) {
    advisories.push(Advisory.parse(JSON.parse(await readFile(join(folder, name), "utf8"))));
  }
  return advisories;
}

function report(source: string, found: readonly string[]): void {
  const count = found.length === 0 ? "no known vulnerability" : `${found.length} known`;
  console.log([`Advisories (${source}): ${count}`, ...found].join("\n"));
  process.exitCode = found.length > 0 ? 1 : 0;
}

const folder = process.env["OSV_NPM"];
const told = await askRegistry();
if (told !== null) report("registry", told);
else if (folder) {
  const lock: unknown = JSON.parse(await readFile("package-lock.json", "utf8"));
  const advisories = await readExport(folder);
  report(`${advisories.length} of OSV`, findAdvisories(lockedPackages(lock), advisories));
} else {
  console.log(
    "Advisories: NOT CHECKED. The registry offers none here. Set OSV_NPM to the folder of an unpacked OSV export for npm.",
  );
}
