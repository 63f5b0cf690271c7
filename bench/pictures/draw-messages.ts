/** One line of a message: plain, in small print, of code, or its buttons with tabs between. */
export interface Line {
  readonly text: string;
  readonly look: "text" | "small" | "code" | "buttons";
}

export interface DrawnMessage {
  readonly author: string;
  /** Its blocks, each of some lines. */
  readonly blocks: readonly (readonly Line[])[];
}

/** How a platform looks. */
export interface Theme {
  readonly paper: string;
  readonly edge: string;
  readonly ink: string;
  readonly faint: string;
  /** What stands on a button, and what lies under it and around it. */
  readonly button: (label: string) => { ink: string; paper: string; edge: string };
  /** What "APP" is written in, and on. */
  readonly app: { readonly ink: string; readonly paper: string };
  readonly codePaper: string;
  /** A line's marks as spans of an SVG. */
  readonly spans: (escaped: string) => string;
  /** Space between two blocks. */
  readonly gap: number;
}

const WIDTH = 760;
const LEFT = 60;
const MOST_COLUMNS = 92;
const HEIGHTS = { text: 22, small: 19, code: 18, buttons: 36 } as const;
/** Between two messages. */
const MESSAGE_GAP = 40;
const MARGIN = 20;

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** A text's lines, broken between words where they are too long. */
export const wrapped = (text: string, look: "text" | "small"): readonly Line[] =>
  text.split("\n").flatMap((line) => wrap(line).map((part) => ({ text: part, look })));

function wrap(text: string): readonly string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1) ?? "";
    if (last !== "" && last.length + word.length > MOST_COLUMNS) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines;
}

function drawLine({ text, look }: Line, y: number, theme: Theme): string {
  if (look === "buttons") return drawButtons(text.split("\t"), y, theme);
  if (look === "code") {
    const paper = `<rect x="${LEFT}" y="${y - 13}" width="${WIDTH - LEFT - MARGIN}" height="${HEIGHTS.code}" fill="${theme.codePaper}"/>`;
    return `${paper}<text x="${LEFT + 8}" y="${y}" font-size="13" font-family="monospace" xml:space="preserve" fill="${theme.ink}">${escape(text)}</text>`;
  }
  const [size, fill] = look === "small" ? [12, theme.faint] : [15, theme.ink];
  const isQuote = /^> ?/.test(text);
  const bar = isQuote
    ? `<rect x="${LEFT}" y="${y - 16}" width="4" height="${HEIGHTS.text}" fill="${theme.edge}"/>`
    : "";
  const words = theme.spans(escape(text.replace(/^> ?/, "")));
  const x = isQuote ? LEFT + 14 : LEFT;
  const shown =
    words === ""
      ? ""
      : `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}">${words}</text>`;
  return `${bar}${shown}`;
}

const EMOJI = /\p{Extended_Pictographic}/u;

function drawButtons(labels: readonly string[], y: number, theme: Theme): string {
  let x = LEFT;
  return labels
    .map((label) => {
      const width = 24 + (EMOJI.test(label) ? 18 : label.length * 8);
      const { ink, paper, edge } = theme.button(label);
      const drawn = `<rect x="${x}.5" y="${y - 22}.5" width="${width}" height="28" rx="5" fill="${paper}" stroke="${edge}"/><text x="${x + width / 2}" y="${y - 3}" font-size="13" font-weight="bold" fill="${ink}" text-anchor="middle">${escape(label)}</text>`;
      x += width + 8;
      return drawn;
    })
    .join("");
}

function drawHead(author: string, y: number, { app, ink }: Theme): string {
  const isApp = author === "Parley";
  const sign = isApp
    ? `<rect x="${LEFT + 52}" y="${y - 11}" width="30" height="14" rx="3" fill="${app.paper}"/><text x="${LEFT + 67}" y="${y}" font-size="9.5" font-weight="bold" fill="${app.ink}" text-anchor="middle">APP</text>`
    : "";
  return `<rect x="14" y="${y - 14}" width="34" height="34" rx="8" fill="${isApp ? "#2f3e6b" : "#c97b2c"}"/><text x="31" y="${y + 9}" font-size="18" font-weight="bold" fill="white" text-anchor="middle">${escape(author.slice(0, 1))}</text><text x="${LEFT}" y="${y}" font-size="15" font-weight="bold" fill="${ink}">${escape(author)}</text>${sign}`;
}

/** Code stands apart from the text before it by itself. */
const isDrawn = ({ text }: Line, at: number, lines: readonly Line[]): boolean =>
  text !== "" || lines[at + 1]?.look !== "code";

/** Messages as their platform shows them, more or less: an SVG. */
export function drawMessages(messages: readonly DrawnMessage[], theme: Theme): string {
  const parts: string[] = [];
  let y = MARGIN + 14;
  for (const { author, blocks } of messages) {
    parts.push(drawHead(author, y, theme));
    for (const [n, lines] of blocks.filter((block) => block.length > 0).entries()) {
      if (n > 0) y += theme.gap;
      for (const line of lines.filter(isDrawn)) {
        y += HEIGHTS[line.look];
        parts.push(drawLine(line, y, theme));
      }
    }
    y += MESSAGE_GAP;
  }
  const height = y - MESSAGE_GAP + MARGIN;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="Lato, 'Segoe UI', 'Noto Color Emoji', Helvetica, Arial, sans-serif"><rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="10" fill="${theme.paper}" stroke="${theme.edge}"/>${parts.join("\n")}</svg>\n`;
}
