import { escapeMarkdown } from "discord.js";
import { cutLine } from "../threads/thread-name.ts";

/** What is escaped of a line; `escapeMarkdown` takes time with the cube of its length for some. */
const LONGEST = 400;

/** A name or a line from outside as plain text: no marks, no links, no mentions. */
export const escapeName = (text: string): string =>
  escapeMarkdown(cutLine(text, LONGEST), {
    heading: true,
    bulletedList: true,
    numberedList: true,
    maskedLink: true,
  }).replaceAll(/[<@#](?=[\w&!/])/g, "$&\u200B");
