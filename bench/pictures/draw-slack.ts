import { toMrkdwn } from "../../adapters/slack/render/mrkdwn.ts";
import { isFields, textIn, type Fields } from "../../test/servers/slack/state/fields.ts";
import { drawMessages, type Line, type Theme, wrapped } from "./draw-messages.ts";

// What is escaped for Slack is escaped for the picture as well.
const unescape = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

function linesOf(block: Fields): readonly Line[] {
  const { type, text } = block;
  const parts = fieldsIn(block["elements"]);
  switch (type) {
    case "markdown":
      return typeof text === "string" ? shown(toMrkdwn(text), "text") : [];
    case "section":
      return [...shown(wordsOf(text), "text"), ...buttons([block["accessory"]])];
    case "header":
      return shown(`*${wordsOf(text)}*`, "text");
    case "context":
      return parts.flatMap((part) => shown(textIn(part, "text") ?? "", "small"));
    case "container":
      // It is folded: only its title is seen.
      return shown(`▸ ${wordsOf(block["title"])}`, "text");
    case "rich_text":
      return codeLines(parts.flatMap((part) => fieldsIn(part["elements"])));
    default:
      return buttons(parts);
  }
}

const fieldsIn = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? value.filter(isFields) : [];

const wordsOf = (text: unknown): string => (isFields(text) ? (textIn(text, "text") ?? "") : "");

const codeLines = (parts: readonly Fields[]): readonly Line[] =>
  parts
    .flatMap((part) => (textIn(part, "text") ?? "").split("\n"))
    .map((line) => ({ text: line, look: "code" }));

/** Buttons, Slack's own feedback buttons, and menus. */
function buttons(elements: readonly unknown[]): readonly Line[] {
  const labels = elements.filter(isFields).flatMap((element) => {
    const { type, placeholder } = element;
    if (type === "feedback_buttons")
      return ["positive_button", "negative_button"].map((half) =>
        wordsOf(isFields(element[half]) ? element[half]["text"] : undefined),
      );
    return type === "static_select" ? `${wordsOf(placeholder)} ▾` : wordsOf(element["text"]);
  });
  return labels.length > 0 ? [{ text: labels.join("\t"), look: "buttons" }] : [];
}

function shown(text: string, look: "text" | "small"): readonly Line[] {
  let isCode = false;
  return text.split("\n").flatMap((line): readonly Line[] => {
    if (line.startsWith("```")) {
      isCode = !isCode;
      return [];
    }
    return isCode ? [{ text: unescape(line), look: "code" }] : wrapped(unescape(line), look);
  });
}

const PRIMARY = { ink: "white", paper: "#007a5a", edge: "#007a5a" };
const STOP = { ink: "#e01e5a", paper: "white", edge: "#e01e5a" };
const USUAL = { ink: "#1d1c1d", paper: "white", edge: "#bbb" };

const THEME: Theme = {
  paper: "white",
  edge: "#ddd",
  ink: "#1d1c1d",
  faint: "#616061",
  button: (label) =>
    label === "Stop" ? STOP : /^(?:Answer now|Post the best)/.test(label) ? PRIMARY : USUAL,
  app: { ink: "#616061", paper: "#eee" },
  codePaper: "#f8f8f8",
  spans: (text) =>
    text
      .replaceAll(/\*([^*]+)\*/g, '<tspan font-weight="bold">$1</tspan>')
      .replaceAll(/(?<!\w)_([^_<>]+)_(?!\w)/g, '<tspan font-style="italic">$1</tspan>')
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
