import { trimEndOf } from "../../../../src/text/trim-end-of.ts";
import { escapeAll } from "./escape.ts";

/** A text that a message carries as a file. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
}

const FENCE = "```";

/** Whether Discord shows it as it is between fences: the first three backticks end a code block, wherever they stand. */
const isFenceable = (code: string): boolean => !code.includes(FENCE) && code.trim() !== "";

/** A code block. Code that Discord would tear becomes a file, or escaped text if there may be no files. */
export function showCode(code: string, language: string, files: TextFile[] | undefined): string {
  if (isFenceable(code)) return fence(code, language);
  if (code.trim() === "") return "";
  if (!files || files.length >= MOST_FILES) return escapeAll(code);
  const name = `code-${files.length + 1}.${endingOf(language)}`;
  files.push({ name, text: `${code}\n` });
  return `📎 \`${name}\``;
}

/** Discord takes ten files; one place is left for the whole answer. */
const MOST_FILES = 9;

const fence = (code: string, language: string): string =>
  `${FENCE}${/^[\w+\-.#]*$/.test(language) ? language : ""}\n${code}\n${FENCE}`;

const ENDINGS: Readonly<Record<string, string>> = {
  bash: "sh",
  javascript: "js",
  markdown: "md",
  python: "py",
  ruby: "rb",
  rust: "rs",
  shell: "sh",
  typescript: "ts",
  yaml: "yml",
};

const endingOf = (language: string): string =>
  ENDINGS[language.toLowerCase()] ?? (/^[a-z0-9]{1,8}$/i.test(language) ? language : "txt");

/** A code span; undefined: Discord cannot show one with these backticks. */
export function showCodeSpan(code: string): string | undefined {
  const runs = new Set(Array.from(code.matchAll(/`+/g), ([run]) => run.length));
  const marks = runs.size === 0 ? "`" : ["``", "`"].find(({ length }) => !runs.has(length));
  if (marks === undefined) return undefined;
  // Discord drops one blank beside a backtick.
  const before = /^ *`/.test(code) ? " " : "";
  const after = trimEndOf(code, / /).endsWith("`") ? " " : "";
  return marks + before + code + after + marks;
}
