import { type CallRegion, retract, say, type Scan, searchCloser, take, think } from "./scan.ts";
import { findMarkup, type Markup } from "./markup.ts";
import { nextMessage, readChannel, readRole } from "./message-marks.ts";

/** Reads what begins with `<`, `[` or `◁`. False: it needs more text. */
export function readMarkup(scan: Scan): boolean {
  const { buffer, code, isWhole } = scan;
  const isProtected = code.isIndentedCode() || code.line.endsWith("\\");
  const found = isProtected ? null : findMarkup(buffer, isWhole);
  if (found === "wait") return false;
  if (!found) {
    say(scan, take(scan, 1));
    return true;
  }
  return apply(scan, found.markup.kind, found);
}

type MarkupOf<Kind extends Markup["kind"]> = Extract<Markup, { kind: Kind }>;
type Readers = {
  readonly [Kind in Markup["kind"]]: (
    scan: Scan,
    length: number,
    markup: MarkupOf<Kind>,
  ) => boolean;
};

const READERS: Readers = {
  thought: (scan, length, { closer }) => openThought(scan, closer, length),
  "thought-end": endThought,
  call: (scan, _, { closer, certain }) => openCall(scan, { callUntil: closer, isCertain: certain }),
  channel: readChannel,
  role: readRole,
  next: (scan, length, { isOwn }) => nextMessage(scan, length, isOwn),
  eos: readEos,
  fence: (scan, length, { closes }) => readFenceTag(scan, length, closes),
  wrapper: (scan, length, { closes }) => readWrapper(scan, length, closes),
  token: (scan, length) => take(scan, length) !== "",
};

function apply<Kind extends Markup["kind"]>(
  scan: Scan,
  kind: Kind,
  { markup, length }: { readonly markup: MarkupOf<Kind>; readonly length: number },
): boolean {
  return READERS[kind](scan, length, markup);
}

/** What stands between two tags that somebody writes about. */
const CONNECTIVE = /^[\s,/…&]*(?:(?:\.\.\.|and|or|to|und|oder|et|y)[\s,/…&]*)?$/i;

/** In mid-line, only a thought that ends is one: otherwise somebody writes about the tag. */
function openThought(scan: Scan, closer: RegExp, length: number): boolean {
  const isFirst = scan.code.line.trim() === "" || !scan.said;
  if (isFirst) {
    take(scan, length);
    scan.mode = { thoughtUntil: closer };
    return true;
  }
  const end = searchCloser(scan, closer, length);
  if (!end && !scan.isWhole) return false;
  const inner = end ? scan.buffer.slice(length, end.index) : "";
  if (!end || CONNECTIVE.test(inner)) {
    say(scan, take(scan, end ? end.index + end[0].length : length));
    return true;
  }
  take(scan, end.index + end[0].length);
  think(scan, inner);
  scan.hasThought = true;
  return true;
}

/** Words that precede a tag that somebody writes about. */
const BEFORE_MENTION =
  /(?:^|\s)(?:an?|the|with|by|and|or|of|after|before|closing|until|to|in|tags?|missing|lone|its|called)\s+["'“]?$/i;

function endThought(scan: Scan, length: number): boolean {
  const isMention = BEFORE_MENTION.test(scan.code.line) && scan.code.line.trim() !== "";
  if (isMention) {
    say(scan, take(scan, length));
    return true;
  }
  take(scan, length);
  // Behind another thought, a last tag is only a slip.
  if (!scan.said) scan.hasThought = true;
  else if (scan.hasThought) Object.assign(scan, { isDoubtful: true, blanks: "" });
  else retract(scan);
  return true;
}

/** No more text is waited for, before something is decided. */
const LONGEST_WAIT = 400;

/** What a call may begin with, behind a tag that people also write about. */
const PLAUSIBLE = /^\s*(?:[{[<]|[\w.:-]+\s*(?:\n|[{[<(]))/;

export function openCall(scan: Scan, region: CallRegion): boolean {
  if (!region.isCertain) {
    const behind = scan.buffer.slice(scan.buffer.indexOf(">") + 1);
    const isOpen = behind.length < LONGEST_WAIT && /^[\w.:-]*$/.test(behind.trim());
    if (isOpen && !scan.isWhole) return false;
    if (!PLAUSIBLE.test(behind)) {
      say(scan, take(scan, 1));
      return true;
    }
  }
  scan.mode = region;
  return true;
}

/** `</s>` ends a text, but in mid-text it is HTML. */
function readEos(scan: Scan, length: number): boolean {
  const behind = scan.buffer.slice(length);
  const isOpen =
    behind.length < LONGEST_WAIT && /^\s*(?:<(?:\/?s?|[|｜])?|\[[A-Z]{0,4})?$/.test(behind);
  if (isOpen && !scan.isWhole) return false;
  const tag = take(scan, length);
  if (!/^\s*(?:<[|｜]|<\/?s>|\[INST\]|$)/.test(behind)) say(scan, tag);
  return true;
}

/** Some models put the answer behind their thoughts into a tag. Anywhere else such a tag is text. */
function readWrapper(scan: Scan, length: number, closes: boolean): boolean {
  const tag = take(scan, length);
  const isMarkup = closes ? scan.wrapped : scan.hasThought && !scan.said;
  scan.wrapped = isMarkup && !closes;
  if (!isMarkup) say(scan, tag);
  return true;
}

/** Models imitate the tags of their prompt: around their answer, and around a next message that nobody wrote. */
function readFenceTag(scan: Scan, length: number, closes: boolean): boolean {
  take(scan, length);
  if (closes) scan.fenceClosed = scan.said;
  else if (scan.fenceClosed) scan.mode = "dropped";
  return true;
}
