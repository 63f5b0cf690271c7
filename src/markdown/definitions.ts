import { lineAt, readRegions } from "./regions.ts";

/** What `[text][label]` and `[^label]` refer to; returns the definitions that a stretch of the text needs, as Markdown. */
export type Definitions = (source: string) => string;

const DEFINITION = /^ {0,3}\[([^[\]\n]{1,200})\]:[ \t]*\S/gm;
const LABEL = /\[([^[\]\n]{1,200})\]/g;
const NOT_FOUND = () => "";

/** A longer one is not repeated wherever it is needed, nor are more of them at once. */
const LONGEST = 500;
const MOST_AT_ONCE = 1_500;

/** Reads the definitions of a text. Linear in it. */
export function readDefinitions(text: string): Definitions {
  const found = new Map<string, string>();
  for (const { kind, from, to } of readRegions(text)) {
    if (kind === "code") continue;
    for (const match of text.slice(from, to).matchAll(DEFINITION)) {
      const label = normal(match[1] ?? "");
      const line = lineAt(text, from + match.index);
      // The first one counts.
      if (line.length <= LONGEST && !found.has(label)) found.set(label, line);
    }
  }
  if (found.size === 0) return NOT_FOUND;
  return (source) => {
    const needed = new Map<string, string>();
    let length = 0;
    for (const [, label = ""] of source.matchAll(LABEL)) {
      const line = found.get(normal(label));
      if (line === undefined || needed.has(label)) continue;
      length += line.length;
      if (length > MOST_AT_ONCE) break;
      needed.set(label, line);
    }
    return [...needed.values()].join("\n\n");
  };
}

const normal = (label: string): string => label.trim().replace(/\s+/g, " ").toLowerCase();
