import type { Spell } from "../../src/text/spelling.ts";

export const spellInTerminal: Spell = (words) => `/${words}`;
