import { attention } from "micromark-core-commonmark";

type Construct = typeof attention;
type Tokenize = Construct["tokenize"];

const STAR = 42;

/**
 * Bold and italics beside Chinese, Japanese and Korean text, which has no blanks between words: `**重要：**请` is bold. CommonMark takes
 * such marks for plain text (commonmark-spec#650).
 */
export const cjkEmphasis = (): { readonly text: { readonly [STAR]: Construct } } => ({
  text: { [STAR]: { ...attention, tokenize } },
});

const tokenize: Tokenize = function (effects, ok) {
  const before = kindOf(this.previous);
  const inside: ReturnType<Tokenize> = (code) => {
    if (code === STAR) {
      effects.consume(code);
      return inside;
    }
    const token = effects.exit("attentionSequence");
    const after = kindOf(code);
    token._open = opens(after, before);
    token._close = opens(before, after);
    return ok(code);
  };
  return (code) => {
    effects.enter("attentionSequence");
    return inside(code);
  };
};

type Kind = "blank" | "mark" | "cjk" | "cjk mark" | "other";

/** Whether marks may stand between two characters, as CommonMark's flanking rules say, with CJK text as its own boundary. */
const opens = (inner: Kind, outer: Kind): boolean =>
  inner !== "blank" && (inner !== "mark" || outer !== "other");

function kindOf(code: Parameters<ReturnType<Tokenize>>[0]): Kind {
  if (code === null || code < 0) return "blank";
  const character = String.fromCharCode(code);
  if (/\s/.test(character)) return "blank";
  const isMark = /[\p{P}\p{S}]/u.test(character);
  if (CJK.test(character)) return isMark ? "cjk mark" : "cjk";
  return isMark ? "mark" : "other";
}

/** With the first halves of the characters beyond the basic plane. */
const CJK =
  /[\u1100-\u11FF\u2E80-\u9FFF\uA960-\uA97F\uAC00-\uD7FF\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFFEF\uD840-\uD88F]/;
