import { expect, test } from "vitest";
import { statsModels } from "../../src/cli/stats-models.ts";
import { ConversationId, TurnId } from "../../src/ids.ts";
import { loadSettings } from "../../src/settings.ts";
import { openStore } from "../../src/store/store.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const record = { results: [], posted: null, reads: [] };
const known = { telling: 3, ups: 1, downs: 0, half: 0.4 };
const boardOf = (model: string) => ({
  turns: 9,
  models: [
    { model, turns: 9, posted: 6, level: 1, ...known },
    { model: "compatible:qwen3:8b", turns: 9, posted: 3, level: 0, ...known },
  ],
});

/** A data folder in which two spaces have learned something. */
async function openFolder() {
  const dir = await temporaryFolder();
  const store = await openStore({ dir, pid: 1, now: () => 1 });
  for (const space of ["T1", "T2"]) {
    const turn = TurnId.parse(space);
    await store.trackRecords.add(turn, ConversationId.parse(`slack:${space}:C:1`), record);
    const where = { platform: "slack", space };
    await store.trackRecords.keep(where, boardOf(`openai:${space}`), { first: turn, last: turn });
  }
  await store.close();
  return loadSettings({ PARLEY_DATA: dir }, () => "");
}

test("`parley stats models` prints a table for every space", async () => {
  const text = await statsModels({ ...(await openFolder()), pid: 1 });
  expect(text.match(/^slack T[12]$/gm)).toEqual(["slack T1", "slack T2"]);
  expect(text).toMatch(/openai:T2 +9 +3 +\+0\.5 ± 0\.4 +67 % +1 \/ 0/);
  expect(text).not.toContain("**");
});

test("`parley stats models` says so where no team has had a turn", async () => {
  const loaded = loadSettings({ PARLEY_DATA: await temporaryFolder() }, () => "");
  expect(await statsModels({ ...loaded, pid: 1 })).toContain("Nothing is known yet");
});
