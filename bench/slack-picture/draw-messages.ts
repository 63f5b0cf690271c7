import { toMrkdwn } from "../../adapters/slack/render/mrkdwn.ts";
import { isFields, textIn, type Fields } from "../../test/servers/slack/state/fields.ts";

const WIDTH = 760;
const LEFT = 60;
const MOST_COLUMNS = 92;

interface Line {
  readonly text: string;
  readonly look: "text" | "small" | "buttons";
}

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const unescape = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** Between words, none longer than a line. */
function wrap(text: string): readonly string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1) ?? "";
    if (last !== "" && last.length + word.length > MOST_COLUMNS) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines;
}

const wrapped = (text: string, look: "text" | "small"): readonly Line[] =>
  text.split("\n").flatMap((line) => wrap(line).map((part) => ({ text: part, look })));

function linesOf(block: Fields): readonly Line[] {
  const { type, text, elements } = block;
  if (type === "markdown" && typeof text === "string") return wrapped(toMrkdwn(text), "text");
  if (type === "section" && isFields(text)) return wrapped(textIn(text, "text") ?? "", "text");
  const parts = Array.isArray(elements) ? elements.filter(isFields) : [];
  if (type === "context") {
    return parts.flatMap((part) => wrapped(textIn(part, "text") ?? "", "small"));
  }
  const labels = parts.flatMap((part) =>
    isFields(part["text"]) ? (textIn(part["text"], "text") ?? []) : [],
  );
  return labels.length > 0 ? [{ text: labels.join("\t"), look: "buttons" }] : [];
}

/** `*bold*` and `` `code` `` of Slack as spans. */
const spans = (text: string): string =>
  escape(unescape(text))
    .replaceAll(/\*([^*]+)\*/g, '<tspan font-weight="bold">$1</tspan>')
    .replaceAll(/`([^`]+)`/g, '<tspan font-family="monospace" fill="#c01343">$1</tspan>');

const HEIGHTS = { text: 22, small: 19, buttons: 36 } as const;
/** Between two blocks of a message, and between two messages. */
const BLOCK_GAP = 6;
const MESSAGE_GAP = 40;
const MARGIN = 20;

function drawLine({ text, look }: Line, y: number): string {
  if (look === "buttons") return drawButtons(text.split("\t"), y);
  const [size, fill] = look === "small" ? [12, "#616061"] : [15, "#1d1c1d"];
  const isQuote = /^> ?/.test(text);
  const bar = isQuote
    ? `<rect x="${LEFT}" y="${y - 16}" width="4" height="${HEIGHTS.text}" fill="#ddd"/>`
    : "";
  const words = spans(text.replace(/^> ?/, ""));
  const x = isQuote ? LEFT + 14 : LEFT;
  const shown =
    words === ""
      ? ""
      : `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}">${words}</text>`;
  return `${bar}${shown}`;
}

const EMOJI = /\p{Extended_Pictographic}/u;

function drawButtons(labels: readonly string[], y: number): string {
  let x = LEFT;
  return labels
    .map((label) => {
      const width = 24 + (EMOJI.test(label) ? 18 : label.length * 8);
      const colour = label === "Stop" ? "#e01e5a" : "#1d1c1d";
      const edge = label === "Stop" ? "#e01e5a" : "#bbb";
      const drawn = `<rect x="${x}.5" y="${y - 22}.5" width="${width}" height="28" rx="5" fill="white" stroke="${edge}"/><text x="${x + width / 2}" y="${y - 3}" font-size="13" font-weight="bold" fill="${colour}" text-anchor="middle">${escape(label)}</text>`;
      x += width + 8;
      return drawn;
    })
    .join("");
}

interface DrawnMessage {
  readonly author: string;
  readonly blocks: readonly Fields[];
}

function drawHead(author: string, y: number): string {
  const isApp = author === "Parley";
  const app = isApp
    ? `<rect x="${LEFT + 52}" y="${y - 11}" width="30" height="14" rx="3" fill="#eee"/><text x="${LEFT + 67}" y="${y}" font-size="9.5" font-weight="bold" fill="#616061" text-anchor="middle">APP</text>`
    : "";
  return `<rect x="14" y="${y - 14}" width="34" height="34" rx="8" fill="${isApp ? "#2f3e6b" : "#c97b2c"}"/><text x="31" y="${y + 9}" font-size="18" font-weight="bold" fill="white" text-anchor="middle">${escape(author.slice(0, 1))}</text><text x="${LEFT}" y="${y}" font-size="15" font-weight="bold" fill="#1d1c1d">${escape(author)}</text>${app}`;
}

/** Messages as Slack shows them, more or less: an SVG. */
export function drawMessages(messages: readonly DrawnMessage[]): string {
  const parts: string[] = [];
  let y = MARGIN + 14;
  for (const { author, blocks } of messages) {
    parts.push(drawHead(author, y));
    const drawn = blocks.map(linesOf).filter((lines) => lines.length > 0);
    for (const [n, lines] of drawn.entries()) {
      if (n > 0) y += BLOCK_GAP;
      for (const line of lines) {
        y += HEIGHTS[line.look];
        parts.push(drawLine(line, y));
      }
    }
    y += MESSAGE_GAP;
  }
  const height = y - MESSAGE_GAP + MARGIN;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="Lato, 'Segoe UI', 'Noto Color Emoji', Helvetica, Arial, sans-serif"><rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="10" fill="white" stroke="#ddd"/>${parts.join("\n")}</svg>\n`;
}
