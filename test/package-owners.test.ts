import { expect, test } from "vitest";
import { importsOf, isUnder, sourceFiles } from "./support/source-files.ts";

/** SDKs and other packages, each the property of one place. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  openai: ["src/backends/openai", "src/backends/compatible"],
  "@anthropic-ai/sdk": ["src/backends/anthropic"],
  "@google/genai": ["src/backends/gemini"],
  "@modelcontextprotocol/server": ["src/backends/cli/move-tools/mcp-handler"],
  "eventsource-parser": ["src/backends/read-reply"],
  "mdast-util-from-markdown": ["src/markdown/parse-section"],
  "mdast-util-gfm": ["src/markdown/parse-section"],
  "micromark-core-commonmark": ["src/markdown/cjk-emphasis"],
  "micromark-extension-gfm": ["src/markdown/parse-section"],
  pg: ["src/store/postgres/open-postgres"],
  "pg-boss": ["src/turns/engine/boss/"],
  keyv: ["src/store/keyv/"],
  "@keyv/sqlite": ["src/store/keyv/key-values"],
  unpdf: ["src/pdf/pdf-worker"],
  "@pydantic/genai-prices": ["src/backends/catalogue", "src/backends/same-model"],
};

const files = sourceFiles(["src", "adapters", "test/example-adapter"]);

test("every SDK is imported by its own files only", () => {
  const broken = files.flatMap((file) =>
    importsOf(file)
      .filter((target) => !target.startsWith("src/") && !target.startsWith("adapters/"))
      .flatMap((target) => {
        const owner = Object.keys(OWNERS).find((name) => isUnder(name, target));
        const places = owner ? (OWNERS[owner] ?? []) : [file];
        return places.some((place) => file.startsWith(place)) ? [] : [`${file} → ${target}`];
      }),
  );
  expect(broken).toEqual([]);
});
