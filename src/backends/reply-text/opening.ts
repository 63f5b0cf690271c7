import { type Scan, take, think } from "./scan.ts";
import { trimEndOf } from "../../text/trim-end-of.ts";

/** A name or role that models put before their answer. */
const NAMES = ["parley", "assistant"];
const NAME = /^\s*(?:\*\*)?(?:parley|assistant)(?:\*\*)?\s*:(?:\*\*)?[ \t]*\n?/i;
/** The remains of a role's header. */
const ROLE = /^\s*assistant[ \t]*\n+/;

/** gpt-oss's channels when the tokenizer has dropped their marks: "analysisWe need…assistantfinal42". */
const ANALYSIS = /^\s*analysis(?=[A-Z"'“])/;
const AFTER_ANALYSIS = /assistant(final|commentary)/;
const COMMENTARY =
  /^\s*(?:assistant)?commentary to=([\w.:/-]+)\s*(?:<\|constrain\|>\s*)?(?:(?:json|code)\s*)?(?=\{)/;

/** Reads what may stand before an answer. `none`: the answer begins here. */
export function readOpening(scan: Scan): "read" | "wait" | "none" {
  const head = scan.buffer.trimStart();
  if (head === "") return scan.isWhole ? "none" : "wait";
  for (const read of [readName, readCommentary, readAnalysis]) {
    const found = read(scan);
    if (found !== "none") return found;
  }
  return !scan.isWhole && mayBecomeName(head) ? "wait" : "none";
}

function readName(scan: Scan): "read" | "wait" | "none" {
  const name = (NAME.exec(scan.buffer) ?? ROLE.exec(scan.buffer))?.[0];
  if (name === undefined) return "none";
  if (/^\*?$/.test(scan.buffer.slice(name.length)) && !scan.isWhole) return "wait";
  take(scan, name.length);
  return "read";
}

const mayBecomeName = (head: string): boolean => {
  if (head.length >= 24) return false;
  const bare = trimEndOf(head.toLowerCase().replace(/^\*\*/, ""), /[*\s]/);
  return [...NAMES, "analysis", "commentary to=", "assistantcommentary to="].some((name) =>
    name.startsWith(bare),
  );
};

function readCommentary(scan: Scan): "read" | "wait" | "none" {
  const call = COMMENTARY.exec(scan.buffer);
  if (call) {
    take(scan, call[0].length);
    scan.mode = { callUntil: /assistant(?=final)/, isCertain: true, name: call[1] };
    return "read";
  }
  const isCut = /^\s*(?:assistant)?commentary to=[^{]{0,80}$/.test(scan.buffer);
  return isCut && !scan.isWhole ? "wait" : "none";
}

function readAnalysis(scan: Scan): "read" | "wait" | "none" {
  const start = ANALYSIS.exec(scan.buffer);
  if (!start) return "none";
  const end = AFTER_ANALYSIS.exec(scan.buffer);
  if (!end) return scan.isWhole ? "none" : "wait";
  think(scan, scan.buffer.slice(start[0].length, end.index));
  take(scan, end.index + (end[1] === "final" ? end[0].length : "assistant".length));
  scan.hasThought = true;
  return "read";
}
