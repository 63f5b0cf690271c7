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
    return line.startsWith("-# ") ? wrapped(line.slice(3), "small") : wrapped(line, "text");
  });
}

const buttonsOf = ({ buttons }: SeenMessage): readonly Line[] =>
  buttons.length === 0
    ? []
    : [{ text: buttons.map(({ label }) => label).join("\t"), look: "buttons" }];

const STOP = { ink: "white", paper: "#da373c", edge: "#da373c" };
const USUAL = { ink: "white", paper: "#4e5058", edge: "#4e5058" };

const THEME: Theme = {
  paper: "#313338",
  edge: "#4e5058",
  ink: "#dbdee1",
  faint: "#949ba4",
  button: (label) => (label === "Stop" ? STOP : USUAL),
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
