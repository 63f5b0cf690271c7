import { emitKeypressEvents } from "node:readline";
import { z } from "zod";

/** One key, or a run of pasted text. */
export type Key =
  /** "return", "ctrl+c", "meta+left", …; `text`: the characters it types, or "". */
  | { readonly kind: "press"; readonly chord: string; readonly text: string }
  | { readonly kind: "paste"; readonly text: string };

/** A terminal's standard input, or a stream in its place. */
export interface KeyInput extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
}

const KeyPress = z.object({
  sequence: z.string().default(""),
  name: z.string().optional(),
  code: z.string().optional(),
  ctrl: z.boolean().default(false),
  meta: z.boolean().default(false),
  shift: z.boolean().default(false),
});
type KeyPress = z.infer<typeof KeyPress>;

/** Reads keys; the result stops and restores the input. */
export function readKeys(input: KeyInput, onKey: (key: Key) => void, onEnd: () => void) {
  let pasted: string | null = null;
  const onKeypress = (_character: unknown, raw: unknown) => {
    const press = KeyPress.parse(raw);
    if (press.name === "paste-start") pasted = "";
    else if (press.name === "paste-end") {
      onKey({ kind: "paste", text: (pasted ?? "").replace(/\r\n?/g, "\n") });
      pasted = null;
    } else if (pasted !== null) pasted += press.sequence;
    else onKey({ kind: "press", chord: chordOf(press), text: textOf(press) });
  };
  emitKeypressEvents(input);
  input.on("keypress", onKeypress);
  input.on("end", onEnd);
  input.setRawMode?.(true);
  input.resume();
  return () => {
    input.off("keypress", onKeypress);
    input.off("end", onEnd);
    input.setRawMode?.(false);
    input.pause();
  };
}

// What terminals with the kitty keyboard protocol send for Shift+Enter.
const SHIFT_RETURN = "[13;2u";

function chordOf({ name, code, ctrl, meta, shift, sequence }: KeyPress): string {
  if (code === SHIFT_RETURN) return "shift+return";
  if (name === undefined || name === "undefined") return sequence;
  const modifiers = [ctrl ? "ctrl+" : "", meta ? "meta+" : "", shift ? "shift+" : ""];
  return modifiers.join("") + name;
}

const textOf = ({ sequence, ctrl, meta }: KeyPress): string =>
  ctrl || meta || /\p{Cc}/u.test(sequence) ? "" : sequence;
