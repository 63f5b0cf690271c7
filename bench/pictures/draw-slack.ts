import { toMrkdwn } from "../../adapters/slack/render/mrkdwn.ts";
import { isFields, textIn, type Fields } from "../../test/servers/slack/state/fields.ts";
import { drawMessages, type Line, type Theme, wrapped } from "./draw-messages.ts";

// What is escaped for Slack is escaped for the picture as well.
const unescape = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

function linesOf(block: Fields): readonly Line[] {
  const { type, text, elements } = block;
  if (type === "markdown" && typeof text === "string") return shown(toMrkdwn(text), "text");
  if (type === "section" && isFields(text)) return shown(textIn(text, "text") ?? "", "text");
  const parts = Array.isArray(elements) ? elements.filter(isFields) : [];
  if (type === "context") {
    return parts.flatMap((part) => shown(textIn(part, "text") ?? "", "small"));
  }
  const labels = parts.flatMap((part) =>
    isFields(part["text"]) ? (textIn(part["text"], "text") ?? []) : [],
  );
  return labels.length > 0 ? [{ text: labels.join("\t"), look: "buttons" }] : [];
}

const shown = (text: string, look: "text" | "small") => wrapped(unescape(text), look);

const STOP = { ink: "#e01e5a", paper: "white", edge: "#e01e5a" };
const USUAL = { ink: "#1d1c1d", paper: "white", edge: "#bbb" };

const THEME: Theme = {
  paper: "white",
  edge: "#ddd",
  ink: "#1d1c1d",
  faint: "#616061",
  button: (label) => (label === "Stop" ? STOP : USUAL),
  app: { ink: "#616061", paper: "#eee" },
  codePaper: "#f8f8f8",
  spans: (text) =>
    text
      .replaceAll(/\*([^*]+)\*/g, '<tspan font-weight="bold">$1</tspan>')
      .replaceAll(/`([^`]+)`/g, '<tspan font-family="monospace" fill="#c01343">$1</tspan>'),
  gap: 6,
};

/** Messages as Slack shows them. */
export const drawSlack = (
  messages: readonly { readonly author: string; readonly blocks: readonly Fields[] }[],
): string =>
  drawMessages(
    messages.map(({ author, blocks }) => ({ author, blocks: blocks.map(linesOf) })),
    THEME,
  );
