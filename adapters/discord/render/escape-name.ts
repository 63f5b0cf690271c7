import { escapeMarkdown } from "discord.js";

/** A name or a line from outside as plain text: no marks, no links, no mentions. */
export const escapeName = (text: string): string =>
  escapeMarkdown(text, {
    heading: true,
    bulletedList: true,
    numberedList: true,
    maskedLink: true,
  }).replaceAll(/[<@#](?=[\w&!/])/g, "$&\u200B");
