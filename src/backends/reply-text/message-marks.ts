import { CLOSES_CHANNEL } from "./markup.ts";
import { type Scan, searchCloser, take } from "./scan.ts";

/** gpt-oss: only the final channel is the answer; a recipient makes it a call. */
export function readChannel(scan: Scan, length: number): boolean {
  const end = searchCloser(scan, /<\|message\|>/, length);
  if (!end) {
    if (scan.isWhole) take(scan, length);
    return scan.isWhole;
  }
  const header = scan.buffer.slice(length, end.index);
  take(scan, end.index + end[0].length);
  openChannel(scan, header);
  return true;
}

function openChannel(scan: Scan, header: string): void {
  const name = /to=([\w.:/-]+)/.exec(header)?.[1];
  if (name !== undefined && !/^(?:assistant|user)$/.test(name)) {
    scan.mode = { callUntil: CLOSES_CHANNEL, isCertain: true, name };
  } else if (!/^\s*final/.test(header)) scan.mode = { thoughtUntil: CLOSES_CHANNEL };
}

const OWN = /^(?:assistant|model|ai|bot|gpt)$/i;
const OTHER = /^(?:user|system|tool|ipython|human|developer)$/i;

/** Up to the header's end, which is a line break, a mark of its own, or the channel. */
const HEADER =
  /^\s*(\w+)\b([^\n<]*)(<\|(?:end_header_id|role_end)\|>|<\|(?=channel\|>)|<\|message\|>|\n)/;
const LONGEST_HEADER = 80;

/** "<|im_start|>assistant" goes on with the answer; another role's words are made up. */
export function readRole(scan: Scan, length: number): boolean {
  const behind = scan.buffer.slice(length);
  const header = HEADER.exec(behind) ?? /^\s*(\w+)()()/.exec(behind);
  if (!header?.[3] && behind.length < LONGEST_HEADER && !scan.isWhole) return false;
  take(scan, length);
  if (header?.[3] === "<|") passRecipient(scan, header);
  else if (header) applyHeader(scan, header);
  return true;
}

/** The channel follows; its recipient may stand before it. */
function passRecipient(scan: Scan, [whole, , rest = ""]: RegExpExecArray): void {
  const recipient = /to=[\w.:/-]+/.exec(rest)?.[0] ?? "";
  take(scan, whole.length - "<|".length);
  scan.buffer = scan.buffer.replace("<|channel|>", `<|channel|> ${recipient} `);
}

function applyHeader(scan: Scan, [whole, name = "", rest = "", end]: RegExpExecArray): void {
  const isOther = OTHER.test(name);
  if (!isOther && !OWN.test(name)) return;
  take(scan, whole.length);
  if (isOther && scan.said) scan.mode = "dropped";
  else if (end === "<|message|>") openChannel(scan, `final ${rest}`);
}

/** A mark that is a header by itself. */
export function nextMessage(scan: Scan, length: number, isOwn: boolean): boolean {
  take(scan, length);
  if (!isOwn && scan.said) scan.mode = "dropped";
  return true;
}
