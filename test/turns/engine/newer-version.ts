import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

// What the next version may change while this one still runs: it adds to the schema, and to what a journal may hold.
const CHANGES: Readonly<Record<string, (source: string) => string>> = {
  "/src/coordination/turn-event.ts": (source) =>
    source.replace(
      'z.discriminatedUnion("type", [',
      (start) => `${start} z.object({ type: z.literal("noted_by_newer"), at }),`,
    ),
  "/src/store/migrations.ts": (source) =>
    `${source}\n(migrations as Migration[]).push({ name: "newer", sql: ["CREATE TABLE newer (id TEXT PRIMARY KEY)"] });`,
};

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    const change = Object.entries(CHANGES).find(([path]) => url.endsWith(path))?.[1];
    if (!change) return loaded;
    return { ...loaded, source: change(readFileSync(fileURLToPath(url), "utf8")) };
  },
});
