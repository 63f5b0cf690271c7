/** Characters. Fewer that agree by chance are no overlap, unless they are whole words. */
const SURE_OVERLAP = 10;
const LONGEST_OVERLAP = 4000;
/** Characters at the start of an answer that show that it was begun again. */
const SAME_START = 60;

/** Joins an answer that the output limit cut with its rest: without what the rest repeats, and with code blocks as they were. */
export function joinRest(cut: string, rest: string): string {
  if (rest.trim() === "") return cut;
  const isAnew =
    cut.length > SAME_START && rest.trimStart().startsWith(cut.trimStart().slice(0, SAME_START));
  if (isAnew) return rest.length >= cut.length ? rest : cut;
  const bare = withoutReopening(cut, rest);
  for (const text of [bare, bare.trimStart()]) {
    const overlap = overlapOf(cut, text);
    if (overlap > 0) return cut + text.slice(overlap);
  }
  // The end may have been repeated without its line breaks, or in a code block of its own.
  const trimmed = cut.trimEnd();
  const overlap = overlapOf(trimmed, bare.trimStart());
  return overlap > 0 ? trimmed + bare.trimStart().slice(overlap) : cut + bare;
}

/** How much of the beginning of `rest` ends `cut`. */
function overlapOf(cut: string, rest: string): number {
  for (let length = Math.min(cut.length, rest.length, LONGEST_OVERLAP); length > 2; length -= 1) {
    if (!cut.endsWith(rest.slice(0, length))) continue;
    if (length >= SURE_OVERLAP || startsWord(cut, length)) return length;
  }
  return 0;
}

/** The overlap begins with a word, and is not only signs. */
const startsWord = (cut: string, length: number): boolean => {
  const before = cut.charAt(cut.length - length - 1);
  return /^[\p{L}\p{N}]/u.test(cut.slice(-length)) && !/[\p{L}\p{N}]/u.test(before);
};

/** The line that opens a code block. */
const FENCE = /^[ \t]*(`{3,}|~{3,})([^\n`~][^\n`]*)?$/gm;

/** Within a code block, models begin the rest with a fence of their own. */
function withoutReopening(cut: string, rest: string): string {
  const open = openFence(cut);
  if (open === null) return rest;
  const [line, , info = ""] = /^\s*(`{3,}|~{3,})([^\n`~][^\n`]*)?\n/.exec(rest) ?? [];
  if (line === undefined) return rest;
  const fences = rest.match(FENCE)?.length ?? 0;
  const reopens = info.trim() !== "" || fences % 2 === 0;
  if (!reopens) return rest;
  // The line that was cut goes on, or a new one begins.
  return rest.slice(line.length);
}

/** The fence of the block that is open at the end; null: none. */
export function openFence(text: string): string | null {
  let open: string | null = null;
  for (const [, fence = "", info = ""] of text.matchAll(FENCE)) {
    if (open === null) open = fence;
    else if (fence.startsWith(open) && info.trim() === "") open = null;
  }
  return open;
}
