import { statSync } from "node:fs";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";

/** Longer pastes are text. */
const LONGEST = 8_192;
const MOST_FILES = 20;

/**
 * Terminals paste the paths of files that are dropped on them: quoted, escaped or as URLs. The mentions of these files ("@/home/ada/a.png");
 * undefined: the text is not a list of absolute paths of files.
 */
export function droppedPaths(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST || !/^["']?(?:\/|~\/|file:\/\/)/.test(trimmed)) return undefined;
  // Some terminals do not escape anything.
  const paths = isFile(trimmed) ? [trimmed] : splitWords(trimmed).flatMap(pathOf);
  const areFiles = paths.length > 0 && paths.length <= MOST_FILES && paths.every(isFile);
  return areFiles ? paths.map(mentionOf).join(" ") : undefined;
}

function pathOf(word: string): readonly string[] {
  if (!word.startsWith("file://")) return [word];
  try {
    return [fileURLToPath(word)];
  } catch {
    return [];
  }
}

const isFile = (path: string): boolean => {
  try {
    return statSync(fromHome(path)).isFile();
  } catch {
    return false;
  }
};

/** "~/a" is a path in the home folder. */
export const fromHome = (path: string): string => path.replace(/^~(?=\/|$)/, homedir());

/** How a message mentions a file. */
export const mentionOf = (path: string): string =>
  /[\s"'\\]/.test(path) ? `@"${path.replace(/["\\]/g, "\\$&")}"` : `@${path}`;

/** Splits words as a shell does: quotes and backslashes keep spaces. */
export function splitWords(text: string): readonly string[] {
  const words = text.matchAll(/"((?:\\.|[^"\\])*)"|'([^']*)'|((?:\\.|[^\s\\])+)/g);
  return Array.from(
    words,
    ([, double, single, bare]) => single ?? (double ?? bare ?? "").replace(/\\(.)/g, "$1"),
  );
}
