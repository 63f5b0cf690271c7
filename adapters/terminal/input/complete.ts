import { readdir } from "node:fs/promises";
import { resolve } from "node:path";
import type { StoredThread } from "../../../src/adapter-storage.ts";
import type { Completion } from "../../../src/commands/completions.ts";
import { COMMANDS } from "../../../src/commands/command-table.ts";
import { cleanLine } from "../../../src/text/clean-text.ts";
import { localCommands } from "../commands/local-commands.ts";
import { fromHome, mentionOf } from "./dropped-paths.ts";
import type { FindFiles } from "./find-files.ts";
import type { Choice } from "./menu.ts";

/** Completes a shared command, without the slash. */
export type CompleteShared = (prefix: string) => Promise<readonly Completion[]>;

export interface CompleteOptions {
  /** Where relative paths start. */
  readonly folder: string;
  readonly findFiles: FindFiles;
  readonly shared: CompleteShared;
  readonly listThreads: () => Promise<readonly StoredThread[]>;
}

/** The choices for a text before the cursor: commands, or files after "@". */
export function completeText(text: string, options: CompleteOptions): Promise<readonly Choice[]> {
  return text.startsWith("/")
    ? completeCommand(text.slice(1), options)
    : completeMention(text, options);
}

async function completeCommand(
  words: string,
  { folder, shared, listThreads }: CompleteOptions,
): Promise<readonly Choice[]> {
  if (words.startsWith("open ")) return completeThread(words, await listThreads());
  const [, before, path] = /^(attach (?:.*[^\\]\s)?)((?:\\.|[^\s\\])*)$/.exec(words) ?? [];
  if (before !== undefined && path !== undefined) {
    const found = await pathsFrom(unescape(path), folder);
    return found.map((one) => choice(`/${before}${escape(one)}`, one, { isWhole: false }));
  }
  const own = localCommands()
    .filter(({ name }) => name.startsWith(words))
    .map(({ name, usage, about }) => commandChoice(name, about, usage));
  // A shared command of the same name is reached through the terminal's own.
  const names = new Set(own.map(({ label }) => label));
  const theirs = (await shared(words))
    .map(({ text, description }) => commandChoice(text, description, SHARED_USAGES.get(text)))
    .filter(({ label }) => !names.has(label));
  return [...own, ...theirs].toSorted((a, b) => (a.line < b.line ? -1 : 1));
}

const SHARED_USAGES = new Map(Object.entries(COMMANDS).map(([name, { usage }]) => [name, usage]));

/** A command that needs more words is not run by Enter, but ends in a space. */
function commandChoice(text: string, about: string, usage = ""): Choice {
  const isWhole = usage.replaceAll(/\[[^[\]]*\]/g, "").trim() === "";
  return {
    ...choice(`/${text}${isWhole ? "" : " "}`, `/${text}`, { isWhole }),
    about: cleanLine(about),
  };
}

const completeThread = (words: string, threads: readonly StoredThread[]): readonly Choice[] =>
  threads
    .map(({ name }) => choice(`/open ${name}`, name))
    .filter(({ line }) => line.startsWith(`/${words}`));

/** Characters of a path. */
const LONGEST_MENTION = 1_000;

/** Replaces the last mention of the text. */
async function completeMention(
  text: string,
  { folder, findFiles }: CompleteOptions,
): Promise<readonly Choice[]> {
  const [, typed = ""] = /@("[^"\n]*|[^\s"]*)$/.exec(text.slice(-LONGEST_MENTION)) ?? [];
  const before = text.slice(0, text.length - typed.length - 1);
  const part = typed.replace(/^"/, "");
  const isPath = /^(?:\/|~\/|\.\.?\/)/.test(part);
  const found = isPath ? await pathsFrom(part, folder) : await findFiles(part);
  return found.map((path) => {
    const isFolder = path.endsWith("/");
    const mention = isFolder && /\s/.test(path) ? `@"${path}` : mentionOf(path);
    return choice(`${before}${mention}${isFolder ? "" : " "}`, path, { isWhole: false });
  });
}

const choice = (
  line: string,
  label: string,
  { isWhole = true }: Partial<Pick<Choice, "isWhole">> = {},
): Choice => ({ line, label: cleanLine(label), about: "", isWhole });

// Escapes a path with spaces as a shell does.
const escape = (path: string): string => path.replace(/[\s\\"']/g, "\\$&");
const unescape = (word: string): string => word.replace(/\\(.)/g, "$1");

const MOST_PATHS = 200;

/** Completes a path; folders end in "/". */
async function pathsFrom(path: string, from: string): Promise<readonly string[]> {
  const slash = path.lastIndexOf("/") + 1;
  const folder = path.slice(0, slash);
  const start = path.slice(slash);
  const entries = await readdir(resolve(from, fromHome(folder)), { withFileTypes: true });
  return entries
    .filter(({ name }) => name.startsWith(start) && (start !== "" || !name.startsWith(".")))
    .slice(0, MOST_PATHS)
    .map((entry) => `${folder}${entry.name}${entry.isDirectory() ? "/" : ""}`);
}
