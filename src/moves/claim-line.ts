/** The last line of an answer: its result in a few words. */
const CLAIM_LINE =
  /(?:^|\n)[ \t>*_`#-]{0,8}claim(?:[ \t]+line)?[ \t]*[*_`]{0,3}[ \t]*[:：][ \t*_`]*(?<claim>[^\n]*?)[ \t*_`]*$/i;
/** What models put between the answer and its claim line. */
const RULE = /\n[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*$/;
/** A line that may yet become a claim line. */
const BEGINNING = /^[ \t>*_`#-]{0,8}(?:c(?:l(?:a(?:i(?:m.*)?)?)?)?)?$/i;
/** More is no result in a few words, but a sentence of the answer. */
const LONGEST = 200;
/** With the marks around it. */
const LONGEST_LINE = 300;

/** An answer and what it claims. */
export interface Claimed {
  readonly text: string;
  /** Absent: it has no claim line, or an empty one. */
  readonly claim?: string;
}

/** Takes the claim line off an answer. An answer that consists of nothing else keeps its words. */
export function splitClaim(answer: string): Claimed {
  const whole = answer.trimEnd();
  const last = whole.lastIndexOf("\n");
  // Only the last line is read, so that long answers cost nothing.
  const claim = claimIn(whole.slice(Math.max(0, last)));
  if (claim === undefined || claim.length > LONGEST) return { text: answer };
  const text = whole.slice(0, Math.max(0, last)).trimEnd().replace(RULE, "").trimEnd();
  if (text === "") return claim === "" ? { text: answer } : { text: claim, claim };
  return claim === "" ? { text } : { text, claim };
}

const claimIn = (line: string): string | undefined =>
  line.length > LONGEST_LINE ? undefined : CLAIM_LINE.exec(line)?.groups?.["claim"]?.trim();

/** Passes streamed text on, without the claim line at its end. */
export interface ClaimFilter {
  /** The text that may be shown now, of what was streamed so far. */
  take(text: string): string;
  /** The stream starts over. */
  reset(): void;
}

/** Holds back a last line that may be a claim line until another line follows it. */
export function createClaimFilter(): ClaimFilter {
  let held = "";
  return {
    take(text) {
      held += text;
      const end = held.trimEnd();
      const start = end.lastIndexOf("\n") + 1;
      const isHeld = BEGINNING.test(end.slice(start));
      // What separates the line from the text before it is held as well.
      const cut = isHeld ? held.slice(0, start).trimEnd().length : end.length;
      const shown = held.slice(0, cut);
      held = held.slice(cut);
      return shown;
    },
    reset() {
      held = "";
    },
  };
}
