import type { Highlight, Style } from "./look.ts";

// Longer code is rarely read in a terminal.
const LONGEST_CODE = 50_000;

/** Loads the grammars. */
export async function loadHighlight(): Promise<Highlight> {
  const { parse } = await import("sugar-high/core");
  const { lang, languages } = await import("sugar-high/lang");
  const configs = new Map(languages.map(({ id, config }) => [id, config]));
  return (code, language, paint) => {
    const known = code.length > LONGEST_CODE ? undefined : lang(language.toLowerCase());
    if (known === undefined) return undefined;
    const { lines } = parse(code, configs.get(known));
    const isWhole = lines.map(({ value }) => value).join("\n") === code;
    if (!isWhole) return undefined;
    return lines.map(({ value, tokens }) => {
      const text = tokens.map((token) => token.value).join("");
      // What a grammar drops must not be missing.
      if (text !== value) return value;
      return tokens.map(({ type, value: part }) => painted(part, STYLES[type], paint)).join("");
    });
  };
}

const painted = (
  text: string,
  style: Style | undefined,
  paint: (style: Style, text: string) => string,
): string => (style === undefined ? text : paint(style, text));

const STYLES: Readonly<Record<string, Style | undefined>> = {
  class: "yellow",
  comment: "gray",
  entity: "blue",
  jsxliterals: "green",
  keyword: "magenta",
  property: "cyan",
  string: "green",
};
