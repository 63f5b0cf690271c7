// npm run schema: writes the JSON Schema that editors read beside the team files.
import { writeFile } from "node:fs/promises";
import { teamSchema } from "./team-schema.ts";

const file = new URL("../../../configs/schema.json", import.meta.url);
await writeFile(file, `${JSON.stringify(teamSchema(), null, 2)}\n`);
