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

const HEIGHTS = { text: 22, small: 18, buttons: 38 } as const;

function drawLine({ text, look }: Line, y: number): string {
  if (look === "buttons") return drawButtons(text.split("\t"), y);
  const [size, fill] = look === "small" ? [12, "#616061"] : [15, "#1d1c1d"];
  const isQuote = text.startsWith("> ");
  const bar = isQuote ? `<rect x="${LEFT}" y="${y - 16}" width="4" height="22" fill="#ddd"/>` : "";
  const x = isQuote ? LEFT + 14 : LEFT;
  return `${bar}<text x="${x}" y="${y}" font-size="${size}" fill="${fill}">${spans(text.replace(/^> ?/, ""))}</text>`;
}

function drawButtons(labels: readonly string[], y: number): string {
  let x = LEFT;
  return labels
    .map((label) => {
      const width = 24 + label.length * 8;
      const colour = label === "Stop" ? "#e01e5a" : "#1d1c1d";
      const drawn = `<rect x="${x}" y="${y - 14}" width="${width}" height="28" rx="4" fill="white" stroke="#bbb"/><text x="${x + width / 2}" y="${y + 5}" font-size="13" font-weight="bold" fill="${colour}" text-anchor="middle">${escape(label)}</text>`;
      x += width + 8;
      return drawn;
    })
    .join("");
}

/** Messages as Slack shows them, more or less: an SVG. */
export function drawMessages(
  messages: readonly { readonly author: string; readonly blocks: readonly Fields[] }[],
): string {
  const parts: string[] = [];
  let y = 34;
  for (const { author, blocks } of messages) {
    const colour = author === "Parley" ? "#2f3e6b" : "#c97b2c";
    const app =
      author === "Parley"
        ? ' <tspan font-size="10" font-weight="normal" fill="#616061">APP</tspan>'
        : "";
    parts.push(
      `<rect x="14" y="${y - 16}" width="34" height="34" rx="6" fill="${colour}"/><text x="31" y="${y + 7}" font-size="18" font-weight="bold" fill="white" text-anchor="middle">${escape(author.slice(0, 1))}</text>`,
      `<text x="${LEFT}" y="${y}" font-size="15" font-weight="bold" fill="#1d1c1d">${escape(author)}${app}</text>`,
    );
    for (const line of blocks.flatMap(linesOf)) {
      y += HEIGHTS[line.look];
      parts.push(drawLine(line, y));
    }
    y += 50;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y - 20}" viewBox="0 0 ${WIDTH} ${y - 20}" font-family="Lato, 'Segoe UI', 'Noto Color Emoji', Helvetica, Arial, sans-serif"><rect width="100%" height="100%" fill="white"/>${parts.join("\n")}</svg>\n`;
}
