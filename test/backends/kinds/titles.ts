import { globSync, readFileSync } from "node:fs";
import { REFUSALS } from "../concessions/reported.ts";
import { KINDS as BACKENDS, type Kind as BackendName } from "../concessions/stage.ts";
import { BODIES } from "../odd-replies/bodies.ts";

/** A test over all backends names its backend so; other values of its rows stay as they are written. */
const TITLE =
  /(?:\b(?:test|it)|(?<over>\.each\(KINDS\))|\))\(\s*(?:"(?<plain>[^"\n]+)"|'(?<quoted>[^'\n]+)')/g;

/** A row that names its own test. */
const ROW = /\[\s*"(?<title>[^"\n]+)",/g;

/** The tests of one file, by their titles. */
function titlesIn(source: string): string[] {
  return [...source.matchAll(TITLE)].flatMap(({ groups }) => {
    const title = groups?.["plain"] ?? groups?.["quoted"] ?? "";
    if (title.includes("$kind")) return BACKENDS.map((kind) => title.replaceAll("$kind", kind));
    return groups?.["over"] ? BACKENDS.map((kind) => title.replace("%s", kind)) : [title];
  });
}

const read = (pattern: string) => globSync(pattern).map((path) => readFileSync(path, "utf8"));

/** Those of the suite that each backend passes. */
function contractTitles(tests: readonly string[]): string[] {
  const titles = read("test/backends/contract-*.ts").flatMap(titlesIn);
  const kept = BACKENDS.filter((kind) =>
    tests.some((source) => source.includes(`describeBackendContract("${kind}"`)),
  );
  return kept.flatMap((kind) => titles.map((title) => contractTitle(kind, title)));
}

export const contractTitle = (kind: BackendName, title: string) => `${kind} > ${title}`;
export const oddTitle = (name: BackendName, kind: string) => `${name}: ${kind}`;
export const refusalTitle = (kind: BackendName, what: string) =>
  `${what}: ${kind} succeeds without that part`;

/** Every title that a cell of the table may name. */
export function allTitles(): ReadonlySet<string> {
  const tests = read("test/{backends,moves}/**/*.test.ts");
  const odd = BACKENDS.flatMap((name) =>
    Object.entries(BODIES[name]).flatMap(([kind, body]: [string, unknown]) =>
      typeof body === "string" ? [oddTitle(name, kind)] : [],
    ),
  );
  const refusals = REFUSALS.map(({ kind, what }) => refusalTitle(kind, what));
  const ballots = read("test/moves/ballot/*.test.ts").flatMap((source) =>
    [...source.matchAll(ROW)].map(({ groups }) => groups?.["title"] ?? ""),
  );
  return new Set([
    ...tests.flatMap(titlesIn),
    ...contractTitles(tests),
    ...ballots,
    ...odd,
    ...refusals,
  ]);
}
