import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { localCommandNames } from "../local-commands.ts";
import type { ConversationId } from "../../../src/ids.ts";
import type { Threads } from "../../../src/adapter-kit/own-threads/threads.ts";

/** Completes a shared command to whole lines, without the slash. */
export type TerminalCompletions = (
  prefix: string,
  conversation: ConversationId,
) => readonly string[] | Promise<readonly string[]>;

interface CompleteOptions {
  readonly threads: Threads;
  /** Completes a shared command to whole lines, without the slash. */
  readonly shared: (prefix: string) => readonly string[] | Promise<readonly string[]>;
}

/** Completes a command to whole lines, sorted. */
export async function completeLine(
  text: string,
  options: CompleteOptions,
): Promise<readonly string[]> {
  const words = text.slice(1);
  const local = await completeLocal(words, options);
  const lines = local ?? [
    ...localCommandNames().filter((name) => name.startsWith(words)),
    ...(await options.shared(words)),
  ];
  return [...new Set(lines)].toSorted().map((line) => `/${line}`);
}

async function completeLocal(
  words: string,
  { threads }: CompleteOptions,
): Promise<readonly string[] | undefined> {
  if (words.startsWith("open "))
    return (await threads.list())
      .map(({ name }) => `open ${name}`)
      .filter((line) => line.startsWith(words));
  const [, before, path] = /^(attach (?:.*[^\\]\s)?)((?:\\.|[^\s\\])*)$/.exec(words) ?? [];
  if (before === undefined || path === undefined) return undefined;
  return (await pathsFrom(unescape(path))).map((found) => before + escape(found));
}

// Escapes a path with spaces as a shell does.
const escape = (path: string): string => path.replace(/[\s\\"']/g, "\\$&");
const unescape = (word: string): string => word.replace(/\\(.)/g, "$1");

/** Completes a path; folders end in "/". */
async function pathsFrom(path: string): Promise<readonly string[]> {
  const slash = path.lastIndexOf("/") + 1;
  const folder = path.slice(0, slash);
  const start = path.slice(slash);
  const place = folder === "" ? "." : folder.replace(/^~(?=\/)/, homedir());
  const entries = await readdir(join(place), { withFileTypes: true });
  return entries
    .filter(({ name }) => name.startsWith(start) && (start !== "" || !name.startsWith(".")))
    .map((entry) => `${folder}${entry.name}${entry.isDirectory() ? "/" : ""}`);
}
