import type { AdapterEntry } from "../../src/adapter-kit/adapter.ts";
import { isLinesConfigured, readLinesSettings } from "./settings.ts";

/** What `src/main.ts` would list. */
export const linesEntry: AdapterEntry = {
  name: "lines",
  isConfigured: isLinesConfigured,
  isService: true,
  async create({ loaded, clock, commands, report }) {
    const settings = readLinesSettings(loaded.env);
    const { createLines } = await import("./lines.ts");
    return createLines({ settings, clock, commands, report, wallClock: Date.now });
  },
};
