import type { SeenMessage } from "../../test/servers/discord/people/seen.ts";
import { drawMessages, type Line, type Theme, wrapped } from "./draw-messages.ts";

function linesOf(text: string): readonly Line[] {
  let isCode = false;
  return text.split("\n").flatMap((line): readonly Line[] => {
    if (line.startsWith("```")) {
      isCode = !isCode;
      return [];
    }
    if (isCode) return [{ text: line, look: "code" }];
    if (line.startsWith("- ")) return wrapped(`• ${line.slice(2)}`, "text");
    if (line.startsWith("## ")) return wrapped(`**${line.slice(3)}**`, "text");
    return line.startsWith("-# ") ? wrapped(line.slice(3), "small") : wrapped(line, "text");
  });
}

/** A message, or a part of one, as it was sent. */
export interface SentMessage {
  readonly author: string;
  readonly text: string;
  /** A row of labels each. */
  readonly rows?: readonly (readonly string[])[];
}

/** The same from what was sent. */
export const drawSentToDiscord = (messages: readonly SentMessage[]): string =>
  drawMessages(
    messages.map(({ author, text, rows = [] }) => ({
      author,
      blocks: [
        linesOf(text),
        ...rows.map((labels) => [{ text: labels.join("\t"), look: "buttons" } as const]),
      ],
    })),
    THEME,
  );

const buttonsOf = ({ buttons }: SeenMessage): readonly Line[] =>
  buttons.length === 0
    ? []
    : [{ text: buttons.map(({ label }) => label).join("\t"), look: "buttons" }];

const PRIMARY = { ink: "white", paper: "#5865f2", edge: "#5865f2" };
const STOP = { ink: "white", paper: "#da373c", edge: "#da373c" };
const USUAL = { ink: "white", paper: "#4e5058", edge: "#4e5058" };

const THEME: Theme = {
  paper: "#313338",
  edge: "#4e5058",
  ink: "#dbdee1",
  faint: "#949ba4",
  button: (label) =>
    label === "Stop" ? STOP : /^(?:Answer now|Post the best)/.test(label) ? PRIMARY : USUAL,
  app: { ink: "white", paper: "#5865f2" },
  codePaper: "#2b2d31",
  spans: (text) =>
    text
      .replaceAll(/\\([*_`~|<>#@\-.[\]()])/g, "$1")
      .replaceAll(/\*\*([^*]+)\*\*/g, '<tspan font-weight="bold" fill="white">$1</tspan>')
      .replaceAll(/\*([^*]+)\*/g, '<tspan font-style="italic">$1</tspan>')
      .replaceAll(/`([^`]+)`/g, '<tspan font-family="monospace" fill="#b5bac1">$1</tspan>'),
  gap: 2,
};

/** Messages as Discord shows them. */
export const drawDiscord = (messages: readonly SeenMessage[]): string =>
  drawMessages(
    messages.map((message) => ({
      author: message.author,
      blocks: [linesOf(message.text), buttonsOf(message)],
    })),
    THEME,
  );
