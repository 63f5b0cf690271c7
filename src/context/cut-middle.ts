const HEAD_SHARE = 0.6;

/** Cuts the middle out of a text longer than `maxBytes` (UTF-8) and marks the place. Never splits a character. */
export function cutMiddle(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const headBytes = Math.floor(maxBytes * HEAD_SHARE);
  const head = headLength(text, headBytes);
  const tail = tailStart(text, maxBytes - headBytes, head);
  return `${text.slice(0, head)}\n[… ${tail - head} characters left out here …]\n${text.slice(tail)}`;
}

/** The number of leading code units that fit. `encodeInto` stops before a character that does not fit. */
const headLength = (text: string, bytes: number): number =>
  new TextEncoder().encodeInto(text.slice(0, bytes), new Uint8Array(bytes)).read;

function tailStart(text: string, bytes: number, least: number): number {
  let start = text.length;
  for (let room = bytes; start > least;) {
    const width = isLowSurrogate(text, start - 1) ? 2 : 1;
    room -= width === 2 ? 4 : bytesOf(text.charCodeAt(start - 1));
    if (room < 0) break;
    start -= width;
  }
  return Math.max(start, least);
}

const isLowSurrogate = (text: string, i: number): boolean =>
  (text.codePointAt(i - 1) ?? 0) > 0xffff;

function bytesOf(unit: number): number {
  if (unit < 0x80) return 1;
  return unit < 0x800 ? 2 : 3;
}
