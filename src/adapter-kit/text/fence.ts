/** The text as a code block, with a fence that nothing in the text closes. */
export function fenced(text: string, language = ""): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** Closes the code block that a text leaves open, so that a part of an answer can be shown. */
export function closeFence(text: string): string {
  let open: string | undefined;
  for (const line of text.split("\n")) {
    const fence = /^ {0,3}(`{3,}|~{3,})/.exec(line);
    if (!fence) continue;
    const [opening, marks = ""] = fence;
    if (open === undefined) open = marks;
    else if (line.slice(opening.length).trim() === "" && marks.startsWith(open)) open = undefined;
  }
  return open === undefined ? text : `${text}\n${open}`;
}
