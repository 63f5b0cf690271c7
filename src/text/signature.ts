import { cleanLine } from "./clean-text.ts";

/** Who set something, as it is stored: `{platform}:{person id}`, and the name of that day. */
export const signature = (id: string, name: string): string => `${id} ${cleanLine(name)}`.trim();

/** The name in a stored signature, for people to read; null: it has only an id, as those of earlier versions. */
export function signerOf(by: string): string | null {
  const space = by.indexOf(" ");
  if (space > 0) return by.slice(space + 1);
  return by.startsWith("cli:") ? by : null;
}
