import { emitKeypressEvents } from "node:readline";
import { PassThrough } from "node:stream";
import { z } from "zod";
import type { Clock } from "../../../src/clock.ts";

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

export interface KeyListener {
  readonly clock: Clock;
  readonly onKey: (key: Key) => void;
  /** The input has ended. */
  readonly onEnd: () => void;
}

/** What was typed before is read within this, ms. */
const TYPED_AHEAD_MS = 100;

/** Reads keys; the result stops and restores the input. */
export function readKeys(input: KeyInput, { clock, onKey, onEnd }: KeyListener): () => void {
  const parser = createParser(onKey);
  const escape = createEscape(clock, parser.write, onKey);
  let isTypedAhead = true;
  const cancel = clock.setTimer(TYPED_AHEAD_MS, () =>
    // After the next read, if the process was busy.
    setImmediate(() => void (isTypedAhead = false)),
  );
  const onData = (chunk: Buffer | string) => {
    const text = String(chunk);
    // What was typed during the start went through the terminal's line editing, which makes a line feed of Enter.
    escape.take(isTypedAhead ? text.replace(/(?<!\r)\n/g, "\r") : text);
    isTypedAhead = false;
  };
  input.setEncoding("utf8");
  input.on("data", onData);
  input.on("end", onEnd);
  input.setRawMode?.(true);
  input.resume();
  return () => {
    cancel();
    escape.end();
    input.off("data", onData);
    input.off("end", onEnd);
    input.setRawMode?.(false);
    input.pause();
  };
}

const PASTE_START = "\u001B[200~";
const PASTE_END = "\u001B[201~";

function createParser(onKey: KeyListener["onKey"]) {
  const stream = new PassThrough();
  /** The pieces of a paste that has begun. */
  let pasted: string[] | null = null;
  emitKeypressEvents(stream);
  const endPaste = () => {
    const text = (pasted ?? []).join("");
    pasted = null;
    onKey({ kind: "paste", text: text.replace(/\r\n?/g, "\n") });
  };
  stream.on("keypress", (_character: unknown, raw: unknown) => {
    const press = KeyPress.parse(raw);
    // The mark came in two pieces.
    if (press.name === "paste-start") pasted = [];
    else if (press.name === "paste-end") endPaste();
    else if (pasted) pasted.push(press.sequence);
    else onKey({ kind: "press", chord: chordOf(press), text: textOf(press) });
  });
  // A long paste is not parsed key by key.
  const write = (text: string): void => {
    if (text === "") return;
    if (!pasted) {
      const start = text.indexOf(PASTE_START);
      const keys = start < 0 ? text : text.slice(0, start);
      if (keys !== "") stream.emit("data", keys);
      if (start < 0) return;
      pasted = [];
      return write(text.slice(start + PASTE_START.length));
    }
    const carry = PASTE_END.length - 1;
    const whole = (pasted.pop() ?? "") + text;
    const end = whole.indexOf(PASTE_END);
    if (end < 0) return void pasted.push(whole.slice(0, -carry), whole.slice(-carry));
    pasted.push(whole.slice(0, end));
    endPaste();
    if (end + PASTE_END.length < whole.length) write(whole.slice(end + PASTE_END.length));
  };
  return { write };
}

const ESCAPE = "\u001B";
/** The rest of a key's sequence follows within this, ms, also over slow connections. */
const SEQUENCE_MS = 50;

/** Tells the key Esc from the beginning of another key's sequence: nothing follows it. */
function createEscape(clock: Clock, write: (text: string) => void, onKey: KeyListener["onKey"]) {
  let cancel: (() => void) | undefined;
  const end = () => {
    cancel?.();
    cancel = undefined;
  };
  return {
    end,
    take(text: string) {
      const whole = cancel ? ESCAPE + text : text;
      end();
      if (!whole.endsWith(ESCAPE)) return write(whole);
      write(whole.slice(0, -1));
      cancel = clock.setTimer(SEQUENCE_MS, () => {
        cancel = undefined;
        onKey({ kind: "press", chord: "escape", text: "" });
      });
    },
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
