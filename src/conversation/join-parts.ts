const CLOSED = /\n(`{3,}|~{3,})[ \t]*$/;
const OPENED = /^(`{3,}|~{3,})([^\n`]*)\n/;

/** Joins the parts of a split answer. A code block that was closed at the end of one part and opened again in the next becomes one again. */
export function joinParts(parts: readonly string[]): string {
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .reduce((whole, part) => (whole === "" ? part : joinTwo(whole, part)), "");
}

function joinTwo(before: string, after: string): string {
  const closed = CLOSED.exec(before);
  const opened = OPENED.exec(after);
  const sameBlock =
    closed && opened && closed[1] === opened[1] && openedWith(before, closed) === opened[2]?.trim();
  if (!sameBlock) return `${before}\n\n${after}`;
  return `${before.slice(0, closed.index)}\n${after.slice(opened[0].length)}`;
}

/** What stands after the fence that opened the block which `closed` ends. */
function openedWith(text: string, closed: RegExpExecArray): string | undefined {
  const fence = closed[1] ?? "";
  const lines = text.slice(0, closed.index).split("\n");
  return lines
    .findLast((line) => line.startsWith(fence))
    ?.slice(fence.length)
    .trim();
}
