const WRITTEN = /^([^\S\n]*(?:[-*+]|\d+[.)])\s+)\[([ xX])\]\s/;
const SHOWN = /^([^\S\n]*(?:[-*+]|\d+[.)])\s+)([☐☑])\s/gm;

/** A line of a task list with boxes, which Discord does not draw. */
export const showTaskBox = (line: string): string =>
  line.replace(WRITTEN, (_, start: string, box: string) => `${start}${box === " " ? "☐" : "☑"} `);

/** Back again. */
export const readTaskBoxes = (text: string): string =>
  text.replace(SHOWN, (_, start: string, box: string) => `${start}[${box === "☐" ? " " : "x"}] `);
