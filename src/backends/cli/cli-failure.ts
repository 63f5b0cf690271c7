import { cleanLine } from "../../text/clean-text.ts";
import { BackendError } from "../backend.ts";
import type { Exit } from "./json-process.ts";

/** A CLI, as errors name it. */
export interface CliName {
  /** "Codex". */
  readonly name: string;
  /** What is typed to run it, or its place. */
  readonly command: string;
  /** "npm install -g @openai/codex"; null: unknown. */
  readonly install: string | null;
}

/** Thrown before a call: nothing can be run. */
export function programMissing({ name, command, install }: CliName): BackendError {
  const how = install === null ? "Install it" : `Install it (${install})`;
  return new BackendError(
    "bad_request",
    `${name} is not installed: there is no program "${command}" that Parley may run. ${how}, or set command in the team file to its place.`,
    { passing: false, reason: "program_missing" },
  );
}

/** It ended although it had work to do. `stderr`: its last words. */
export function programEnded(
  { name, command }: CliName,
  { code, signal, problem }: Exit,
  stderr: string,
): BackendError {
  const how = problem
    ? `could not be started (${cleanLine(problem.message)})`
    : `ended in the middle of its work (${signal ?? `exit code ${code}`})`;
  const words = lastWords(stderr);
  const said = words === "" ? "It gave no reason" : `It said: ${words}`;
  return new BackendError(
    problem ? "bad_request" : "network",
    `${name} ${how}. ${said}. Try "${command} --version" in a terminal, and update it if it is old.`,
    { reason: "program_failed", ...(problem && { passing: false }) },
  );
}

/** It wrote more than any answer has. */
export const programFloods = ({ name, command }: CliName): BackendError =>
  new BackendError(
    "incomplete",
    `${name} flooded Parley with output, so that Parley ended it. Check that "${command}" is the program you mean, and update it.`,
    { reason: "program_failed" },
  );

/** It did not get ready, or did not react. `what`: "start", "open a session". */
export const programHangs = ({ name, command }: CliName, what: string): BackendError =>
  new BackendError(
    "timeout",
    `${name} did not ${what} in time, so that Parley ended it. Try "${command}" in a terminal: it may wait for a log-in or an update.`,
    { reason: "program_failed" },
  );

/** What it said cannot be understood: it may be of a version that Parley does not know. */
export const programUnknown = ({ name, command }: CliName, what: string): BackendError =>
  new BackendError(
    "bad_request",
    `${name} does not speak as expected (${cleanLine(what).slice(0, 200)}). Its version may be unknown to Parley: try another one; "${command} --version" shows yours.`,
    { reason: "program_failed", passing: false },
  );

/** Characters of stderr in an error. */
const MOST_WORDS = 300;

/** The lines of the error, where one looks like it; otherwise the last ones. A stack tells people nothing. */
const lastWords = (stderr: string): string => {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "" && !/^\s+at /.test(line));
  const at = lines.findLastIndex((line) => /error|cannot|failed|not found/i.test(line));
  const told = at < 0 ? lines.slice(-3) : lines.slice(at, at + 3);
  return cleanLine(told.join(" ")).slice(0, MOST_WORDS).replace(/\.$/, "");
};
