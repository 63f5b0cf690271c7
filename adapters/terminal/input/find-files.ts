import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createPause } from "../../../src/slices.ts";

/** Files that a search looks at; nearer ones come first. */
const MOST_FILES = 20_000;
const MOST_FOUND = 50;
/** How long a listing is used, ms. */
const FRESH_MS = 5_000;

/** Folders with files that nobody mentions, by the thousands. */
const SKIPPED: ReadonlySet<string> = new Set([
  "node_modules",
  "target",
  "dist",
  "build",
  "vendor",
  "venv",
  "__pycache__",
]);

/** Finds files below a folder by a part of their path. */
export type FindFiles = (part: string) => Promise<readonly string[]>;

export function createFindFiles(folder: string, now: () => number): FindFiles {
  let listing: { readonly at: number; readonly files: Promise<readonly string[]> } | undefined;
  return async (part) => {
    if (!listing || now() - listing.at > FRESH_MS)
      listing = { at: now(), files: listFiles(folder) };
    return matching(await listing.files, part);
  };
}

/** The files below a folder, relative to it; the nearest first. Links to folders are not followed. */
async function listFiles(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  const pause = createPause();
  for (let level: readonly string[] = [""]; level.length > 0;) {
    const below: string[] = [];
    for (const place of level) {
      if (found.length >= MOST_FILES) return found.slice(0, MOST_FILES);
      const { files, folders } = await listFolder(folder, place);
      found.push(...files);
      below.push(...folders);
      if (pause.isDue()) await pause.take();
    }
    level = below;
  }
  return found;
}

/** The files of one folder, and the folders in it that are worth a look. */
async function listFolder(root: string, place: string) {
  // A folder that cannot be read has nothing to offer.
  const all = await readdir(join(root, place), { withFileTypes: true }).catch(() => []);
  const pathOf = ({ name }: { readonly name: string }) =>
    place === "" ? name : `${place}/${name}`;
  const isHidden = (name: string) => name.startsWith(".") || SKIPPED.has(name);
  return {
    files: all.filter((entry) => entry.isFile() || entry.isSymbolicLink()).map(pathOf),
    folders: all.filter((entry) => entry.isDirectory() && !isHidden(entry.name)).map(pathOf),
  };
}

/** Files whose name starts with the part, then those whose name contains it, then those with it in their path, then with its letters in order. */
function matching(files: readonly string[], part: string): readonly string[] {
  const wanted = part.toLowerCase();
  const ranks: [string[], string[], string[], string[]] = [[], [], [], []];
  for (const path of files) {
    const rank = rankOf(path.toLowerCase(), wanted);
    if (rank !== undefined && ranks[rank].length < MOST_FOUND) ranks[rank].push(path);
  }
  return ranks.flat().slice(0, MOST_FOUND);
}

function rankOf(path: string, wanted: string): 0 | 1 | 2 | 3 | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (name.startsWith(wanted)) return 0;
  if (name.includes(wanted)) return 1;
  if (path.includes(wanted)) return 2;
  return hasInOrder(path, wanted) ? 3 : undefined;
}

function hasInOrder(path: string, letters: string): boolean {
  let at = -1;
  for (const letter of letters) {
    at = path.indexOf(letter, at + 1);
    if (at < 0) return false;
  }
  return true;
}
