/** Closes the code block that a text leaves open, for showing a part of something longer. */
export function closeFence(text: string): string {
  let open: string | undefined;
  for (const line of text.split("\n")) {
    const fence = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
    if (!fence) continue;
    const [, marks = "", rest = ""] = fence;
    if (open === undefined) open = marks;
    else if (rest.trim() === "" && marks.startsWith(open)) open = undefined;
  }
  return open === undefined ? text : `${text}\n${open}`;
}
