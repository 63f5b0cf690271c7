// npm run docs: writes the generated pages.
import { mkdir, writeFile } from "node:fs/promises";
import { referencePages } from "./reference.ts";

await mkdir("docs/reference", { recursive: true });
for (const [path, text] of Object.entries(referencePages())) await writeFile(path, text);
