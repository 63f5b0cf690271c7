import { cleanText } from "../../text/clean-text.ts";
import type { Redact } from "../../text/redact.ts";

/** The end of a text that may be endless. */
export interface TextTail {
  add(text: string): void;
  /** The last characters, without secrets and control characters. */
  read(): string;
}

/** Kept beyond what is shown, so that a secret at the cut is still whole when it is redacted. */
const MARGIN = 4096;

/** `shown`: characters. */
export function createTextTail(shown: number, redact: Redact): TextTail {
  let kept = "";
  let isCut = false;
  return {
    add(text) {
      const all = kept + text;
      isCut ||= all.length > shown + MARGIN;
      kept = all.slice(-(shown + MARGIN));
    },
    read() {
      // The first word may be the end of a secret.
      const whole = isCut ? kept.replace(/^\S+/, "") : kept;
      return cleanText(redact(whole)).trim().slice(-shown);
    },
  };
}
