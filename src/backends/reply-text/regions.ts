import { readCalls } from "./call-markup.ts";
import { CALL_IN_THOUGHT } from "./markup.ts";
import { type CallRegion, say, type Scan, searchCloser, take, think } from "./scan.ts";

/** A tag may begin here. */
const TAIL = /[<[◁][^]{0,60}$/;

/** Reads a thought up to its end, and a call within it. */
export function readThought(scan: Scan, closer: RegExp): boolean {
  const call = CALL_IN_THOUGHT.exec(scan.buffer);
  const end = new RegExp(closer.source, closer.flags).exec(scan.buffer);
  if (call && (!end || call.index < end.index)) {
    think(scan, take(scan, call.index));
    scan.mode = { callUntil: endOf(call[0]), isCertain: true, thoughtUntil: closer };
    return true;
  }
  if (end) {
    think(scan, take(scan, end.index));
    take(scan, end[0].length);
    scan.mode = "text";
    scan.hasThought = true;
    return true;
  }
  const tail = scan.isWhole ? -1 : scan.buffer.search(TAIL);
  think(scan, take(scan, tail === -1 ? scan.buffer.length : tail));
  return scan.buffer === "";
}

function endOf(opener: string): RegExp {
  if (opener.startsWith("<tool_call>")) return /<\/tool_call>/;
  if (opener.startsWith("<function=")) return /<\/function>/;
  if (opener.startsWith("<minimax")) return /<\/minimax:tool_call>/;
  return /<[|｜]tool[_▁]calls(?:_section)?[_▁]end[|｜]>/;
}

/** Reads a call up to its end, which may be the text's. */
export function readCallRegion(scan: Scan, region: CallRegion): boolean {
  const end = region.callUntil ? searchCloser(scan, region.callUntil, 1) : null;
  if (!end && !scan.isWhole) return false;
  const body = take(scan, end ? end.index : scan.buffer.length);
  const closer = take(scan, end ? end[0].length : 0);
  scan.mode = region.thoughtUntil ? { thoughtUntil: region.thoughtUntil } : "text";
  if (region.name === undefined) readBody(scan, body + closer, region);
  else scan.out.push({ type: "tool_call", name: region.name, arguments: body.trim() });
  return true;
}

function readBody(scan: Scan, text: string, region: CallRegion): void {
  const { calls, rest } = readCalls(text) ?? { calls: [], rest: text };
  for (const call of calls) scan.out.push({ type: "tool_call", ...call });
  if (region.thoughtUntil) think(scan, rest);
  else say(scan, rest);
}
