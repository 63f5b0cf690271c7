import { cleanLine } from "../../../src/text/clean-text.ts";

const ESCAPE = "\u001B";
const BELL = "\u0007";

/** Terminals cut longer titles. */
const LONGEST_TITLE = 80;

/** Names the window; the first time, the terminal is asked to keep the former name. */
export const titleSequence = (title: string): string =>
  `${ESCAPE}]2;${cleanLine(title).slice(0, LONGEST_TITLE).toWellFormed()}${BELL}`;

export const KEEP_TITLE = `${ESCAPE}[22;2t`;
/** Terminals that kept no name get an empty one, which is their own default. */
export const RESTORE_TITLE = `${titleSequence("")}${ESCAPE}[23;2t`;

export const RING = BELL;

/** Writes to the clipboard of the machine that the person sits at (OSC 52), also through ssh and tmux. */
export function clipboardSequence(text: string, isTmux: boolean): string {
  const write = `${ESCAPE}]52;c;${Buffer.from(text, "utf8").toString("base64")}${BELL}`;
  // tmux takes it itself (set-clipboard on), or passes it on (allow-passthrough on).
  return isTmux ? `${write}${ESCAPE}Ptmux;${ESCAPE}${write}${ESCAPE}\\` : write;
}
