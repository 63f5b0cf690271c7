/** Begins the small print under an answer, so that it can be told from the answer when it is read back. */
const SIGN = "◆";
const START = `-# ${SIGN} `;

/** Lines of small print, to stand at the end of a message; "" for none. */
export const formatSmallPrint = (lines: readonly string[]): string =>
  lines
    .map(
      (line, i) =>
        `${i === 0 ? START : "-# "}${line
          .split("\n")
          .map((part) => part.trim())
          .join(" ")}`,
    )
    .join("\n");

/** An answer's own text never looks like the small print. */
export const withoutSign = (text: string): string => text.replaceAll(START, "-# ◇ ");

/** The text above the small print. */
export function cutSmallPrint(text: string): string {
  const at = text.startsWith(START) ? 0 : text.lastIndexOf(`\n${START}`);
  return at < 0 ? text : text.slice(0, at).trimEnd();
}
