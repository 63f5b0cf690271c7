import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Node } from "typescript/unstable/ast";
import { isRegularExpressionLiteral } from "typescript/unstable/ast/is";
import { API } from "typescript/unstable/sync";
import { z } from "zod";
import { sourceFiles } from "./source-files.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const SourcePattern = z.object({ at: z.string(), source: z.string(), flags: z.string() });
/** A regular expression and the file that it stands in. */
export type SourcePattern = z.infer<typeof SourcePattern>;

/** They act when they are loaded. */
const ACTING = ["src/main.ts", "src/pdf/pdf-worker.ts", "src/teams/files/write-schema.ts"];

/** The regular expressions in these folders: all literals, and what the modules construct while they load. */
export async function sourcePatterns(
  folders: readonly string[],
): Promise<readonly SourcePattern[]> {
  const files = sourceFiles(folders);
  return [...(await literalsIn(files)), ...(await constructedIn(files))];
}

async function literalsIn(files: readonly string[]): Promise<readonly SourcePattern[]> {
  // Without the types of packages, which take most of the time.
  const config = join(await temporaryFolder(), "tsconfig.json");
  const compilerOptions = { noLib: true, noResolve: true, noEmit: true, types: [] };
  await writeFile(
    config,
    JSON.stringify({ compilerOptions, files: files.map((file) => resolve(file)) }),
  );
  const api = new API({});
  try {
    const [project] = api.updateSnapshot({ openProjects: [config] }).getProjects();
    return files.flatMap((file) => {
      const source = project?.program.getSourceFile(resolve(file));
      if (!source) throw new Error(`${file} was not parsed.`);
      return literalsBelow(source).map((text) => ({ at: file, ...partsOf(text) }));
    });
  } finally {
    api.close();
  }
}

function literalsBelow(node: Node): readonly string[] {
  const found: string[] = isRegularExpressionLiteral(node) ? [node.text] : [];
  node.forEachChild((child) => void found.push(...literalsBelow(child)));
  return found;
}

function partsOf(literal: string) {
  const end = literal.lastIndexOf("/");
  return { source: literal.slice(1, end), flags: literal.slice(end + 1) };
}

async function constructedIn(files: readonly string[]): Promise<readonly SourcePattern[]> {
  const script = fileURLToPath(new URL("./constructed-patterns.ts", import.meta.url));
  const loaded = files.filter((file) => !ACTING.includes(file)).map((file) => resolve(file));
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...loaded], {
    maxBuffer: 2 ** 26,
  });
  const found = z.array(SourcePattern).parse(JSON.parse(stdout));
  return found.map((pattern) => ({ ...pattern, at: relative(".", pattern.at) }));
}
