import { COMMANDS } from "./parse-cli.ts";

/** What people type to run Parley: `parley`, or in a clone, where there is no such program, `npm start --`. */
export const programName = (script: string): string =>
  script.endsWith(".ts") ? "npm start --" : "parley";

const TYPED = new RegExp(
  `(?<![@/])\\bparley (?=(?:${COMMANDS.join("|")})\\b|-p\\b|\\[start\\]|"QUESTION")`,
  "g",
);

/** A text of the command line, with each "parley COMMAND" as people type it here. */
export const asTyped = (text: string, program: string): string =>
  text.replace(TYPED, `${program} `);
