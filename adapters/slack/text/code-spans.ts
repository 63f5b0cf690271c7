const CODE = /```[\s\S]*?```|`[^`\n]+`/g;

/** A piece of a Slack text; marks mean nothing inside code. */
export interface TextPiece {
  readonly code: boolean;
  readonly text: string;
}

/** The pieces of a text in order; joined, they are the text. */
export function splitCode(text: string): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(CODE)) {
    pieces.push({ code: false, text: text.slice(end, match.index) });
    pieces.push({ code: true, text: match[0] });
    end = match.index + match[0].length;
  }
  pieces.push({ code: false, text: text.slice(end) });
  return pieces.filter((piece) => piece.text !== "");
}

/** The text without its code, where nobody is addressed. */
export const withoutCode = (text: string): string =>
  splitCode(text)
    .map((piece) => (piece.code ? " " : piece.text))
    .join("");
