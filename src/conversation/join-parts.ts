const CLOSED = /\n(`{3,}|~{3,})[ \t]*$/;
const OPENED = /^(`{3,}|~{3,})([^\n`~][^\n`]*)?\n/;

const TABLE_RULE = /^[ \t]*(?:\|[ \t]*)?:?-[-:| \t]*$/;

/** The header row of a table and the line below it. */
function tableHead(text: string): string | undefined {
  const header = text.indexOf("\n");
  const rule = text.indexOf("\n", header + 1);
  if (header < 0 || rule < 0 || !text.slice(0, header).includes("|")) return undefined;
  return TABLE_RULE.test(text.slice(header + 1, rule)) ? text.slice(0, rule + 1) : undefined;
}

/** Joins the parts of a split answer. Merges code blocks and tables that continue in the next part. */
export function joinParts(parts: readonly string[]): string {
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .reduce((whole, part) => (whole === "" ? part : joinTwo(whole, part)), "");
}

function joinTwo(before: string, after: string): string {
  return joinCode(before, after) ?? joinTable(before, after) ?? `${before}\n\n${after}`;
}

function joinCode(before: string, after: string): string | undefined {
  const closed = CLOSED.exec(before);
  const opened = OPENED.exec(after);
  if (!closed || !opened || closed[1] !== opened[1]) return undefined;
  if (openedWith(before, closed) !== (opened[2] ?? "").trim()) return undefined;
  return `${before.slice(0, closed.index)}\n${after.slice(opened[0].length)}`;
}

/** Drops the repeated header of a continued table. */
function joinTable(before: string, after: string): string | undefined {
  const head = tableHead(after);
  const table = before.slice(before.lastIndexOf("\n\n") + 1).trimStart();
  return head !== undefined && table.startsWith(head)
    ? `${before}\n${after.slice(head.length)}`
    : undefined;
}

/** The info string of the fence that opened the block which `closed` ends. */
function openedWith(text: string, closed: RegExpExecArray): string | undefined {
  const fence = closed[1] ?? "";
  const lines = text.slice(0, closed.index).split("\n");
  return lines
    .findLast((line) => line.startsWith(fence))
    ?.slice(fence.length)
    .trim();
}
