import { readFileSync } from "node:fs";

/** A document of the repository. */
export const readDocument = (path: string): string => readFileSync(path, "utf8");

/** The first group of every match, each once, in order. */
export const found = (text: string, pattern: RegExp): readonly string[] => [
  ...new Set([...text.matchAll(pattern)].map(([, first = ""]) => first)),
];

/** What stands under a heading, up to the next one of its rank. */
export const section = (text: string, heading: string): string =>
  text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";

/** The code blocks of a language. */
export const blocks = (text: string, language: string): readonly string[] =>
  found(text, new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"));

/** Files and folders that a text names between backticks. */
export const pathsIn = (text: string): readonly string[] =>
  found(text, /`((?:src|configs|test|adapters|bench)(?:\/[\w.-]+)*)`/g);

/** The scripts that a text runs with npm. */
export const scriptsIn = (text: string): readonly string[] => [
  ...found(text, /npm run ([\w:]+)/g),
  ...found(text, /npm (start|test)\b/g),
];
